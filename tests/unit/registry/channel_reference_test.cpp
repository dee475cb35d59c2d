#include "registry/channel_reference.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::channel_reference_test {

using namespace pilothouse::registry;

TEST_CASE("a channel is named whole, or through a lens") {
    auto const whole = channel_reference::parse("stable");
    REQUIRE(whole);
    CHECK(whole->channel.text() == "stable");
    CHECK(!whole->through);
    auto const part = channel_reference::parse("stable~range-~1.2");
    REQUIRE(part);
    CHECK(part->channel.text() == "stable");
    REQUIRE(part->through);
    CHECK(part->through->text() == "range-~1.2.*");
}

TEST_CASE("the channel is judged before the lens") {
    for (std::string const text : {"", "~", "~latest-5", "-a~latest-5", "a b~latest-5", "-a~x"}) {
        CAPTURE(text);
        auto const named = channel_reference::parse(text);
        REQUIRE(!named);
        CHECK(named.error().code == errc::invalid_channel);
    }
    for (std::string const text : {"a~", "a~~latest-5", "a~latest", "a~b", "a~latest-1~latest-1"}) {
        CAPTURE(text);
        auto const named = channel_reference::parse(text);
        REQUIRE(!named);
        CHECK(named.error().code == errc::invalid_argument);
    }
}

TEST_CASE("whoever changes a channel names it whole") {
    CHECK(whole_channel("stable").value().text() == "stable");
    for (std::string const text : {"stable~latest-5", "stable~", "stable~nothing"}) {
        auto const named = whole_channel(text);
        REQUIRE(!named);
        CHECK(named.error().code == errc::invalid_argument);
        CHECK(named.error().detail.find("push to the channel itself, stable.") !=
              std::string::npos);
    }
    CHECK(whole_channel("~latest-5").error().code == errc::invalid_channel);
}

}  // namespace pilothouse::tests::channel_reference_test
