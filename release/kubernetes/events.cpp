#include "release/kubernetes/events.hpp"

#include "base/clock.hpp"
#include "base/percent_encoding.hpp"
#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <algorithm>
#include <cstddef>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

constexpr std::size_t event_characters_max = 300;

// Who wrote the event decides which of the times it has.
instant time_of(json::value const& event) {
    instant latest{};
    auto const consider = [&latest](std::string_view time) {
        if (auto const found = from_rfc3339(time)) latest = std::max(latest, *found);
    };
    consider(text(event, {"lastTimestamp"}));
    consider(text(event, {"series", "lastObservedTime"}));
    consider(text(event, {"eventTime"}));
    consider(text(event, {"metadata", "creationTimestamp"}));
    return latest;
}

}  // namespace

std::string events_path(std::string_view name_space, std::string_view kind, std::string_view name) {
    auto const of =
        "involvedObject.kind=" + std::string(kind) + ",involvedObject.name=" + std::string(name);
    return "/api/v1/namespaces/" + percent_encode(name_space) +
           "/events?limit=100&fieldSelector=" + percent_encode(of);
}

std::string newest_event(json::array const& events, event_choice which) {
    json::value const* newest = nullptr;
    for (auto const& one : events) {
        if (which == event_choice::warnings && text(one, {"type"}) != "Warning") continue;
        if (newest == nullptr || time_of(one) >= time_of(*newest)) newest = &one;
    }
    if (newest == nullptr) return {};
    return shown(
        std::string(text(*newest, {"reason"})) + ": " + std::string(text(*newest, {"message"})),
        event_characters_max);
}

}  // namespace pilothouse::release::kubernetes
