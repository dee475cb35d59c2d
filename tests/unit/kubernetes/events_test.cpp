#include "release/kubernetes/events.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

namespace pilothouse::tests::events_test {

using namespace pilothouse::release::kubernetes;

TEST_CASE("the newest event speaks, whichever of its times it has") {
    auto const events = boost::json::parse(R"([
        {"type": "Warning", "reason": "Old", "message": "a", "lastTimestamp": "2026-11-20T10:00:00Z"},
        {"type": "Warning", "reason": "Unhealthy", "message": "Readiness probe\nfailed",
         "lastTimestamp": null, "eventTime": "2026-11-20T12:00:00.123456Z"},
        {"type": "Warning", "reason": "Series", "message": "b",
         "metadata": {"creationTimestamp": "2026-11-20T09:00:00Z"},
         "series": {"lastObservedTime": "2026-11-20T11:30:00.000000Z"}},
        {"type": "Normal", "reason": "Pulled", "message": "c",
         "lastTimestamp": "2026-11-20T13:00:00Z"},
        7])");
    CHECK(newest_event(events.get_array(), event_choice::warnings) ==
          "Unhealthy: Readiness probe failed");
    CHECK(newest_event(events.get_array(), event_choice::all) == "Pulled: c");
    CHECK(newest_event({}, event_choice::all).empty());
}

TEST_CASE("events are asked for by the object that they are of") {
    CHECK(events_path("prod", "Pod", "web-0") ==
          "/api/v1/namespaces/prod/events?limit=100&fieldSelector="
          "involvedObject.kind%3DPod%2CinvolvedObject.name%3Dweb-0");
}

}  // namespace pilothouse::tests::events_test
