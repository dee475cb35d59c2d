// The stream of an operation's events by itself, over stores in memory.
#include "server/gitlab/event_stream.hpp"

#include "tests/use_cases/release/yard.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::event_stream_test {

using namespace std::chrono_literals;

namespace {

constexpr gitlab::event_stream::times never{1h, 1h};
constexpr gitlab::event_stream::times at_once{0ms, 0ms};

struct place : yard {
    place() {
        push_demo();
        begun = install().value().operation;
        say("started", "install of web/shop");
    }
    void say(std::string what, std::string text) {
        std::vector<storage::operation_event> events(1);
        events[0].what = std::move(what);
        events[0].text = std::move(text);
        run_to_end(stores->operation_events().append(begun.id, std::move(events)));
    }
    gitlab::event_stream stream(gitlab::event_stream::times const& t, std::int64_t after = 0,
                                http::doorkeeper::question again = nullptr) {
        return {{read, use(), std::move(again), nullptr, t}, begun.id, after};
    }

    storage::operation_record begun;
};

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

task<result<auth::grant>> refused() { co_return failure(errc::token_revoked, ""); }

std::string next(gitlab::event_stream& s) { return run_to_end(s.next()); }

}  // namespace

TEST_CASE("a message has an event's number, its kind and the event as the list has it") {
    place p;
    auto s = p.stream(never);
    auto const text = next(s);
    CHECK(text.starts_with("id: 1\nevent: queued\ndata: {\"number\":1,\"at\":\""));
    CHECK(contains(text, "\"what\":\"queued\""));
    CHECK(contains(text, "}\n\nid: 2\nevent: started\ndata: {\"number\":2,"));
    CHECK(text.ends_with("\"text\":\"install of web/shop\"}\n\n"));
}

TEST_CASE("what happens in several lines is told in one") {
    place p;
    p.say("helm", "one\ntwo\r\n\nthree");
    auto s = p.stream(never, 2);
    auto const text = next(s);
    CHECK(text.starts_with("id: 3\nevent: helm\ndata: {"));
    CHECK(text.ends_with("\"text\":\"one\\ntwo\\r\\n\\nthree\"}\n\n"));
    CHECK(text.find('\r') == std::string::npos);
}

TEST_CASE("where nothing happens a comment keeps the connection alive") {
    place p;
    auto s = p.stream(at_once, 2);
    CHECK(next(s) == ":\n\n");
    CHECK(next(s) == ":\n\n");
    p.say("helm", "at last");
    CHECK(next(s).starts_with("id: 3\n"));
}

TEST_CASE("the outcome is told last, and nothing behind it") {
    place p;
    auto s = p.stream(never, 2);
    run_to_end(p.stores->operations().cancel(p.begun.id)).value();
    p.say("finished", "cancelled");
    auto const text = next(s);
    CHECK(text.starts_with("id: 3\nevent: finished\n"));
    auto const outcome = text.substr(text.find("\n\n") + 2);
    CHECK(outcome.starts_with("id: done\nevent: done\ndata: {\"id\":\"" + p.begun.id + "\""));
    CHECK(contains(outcome, "\"done\":true"));
    CHECK(contains(outcome, "\"code\":\"cancelled\""));
    CHECK(outcome.ends_with("}\n\n"));
    CHECK(next(s).empty());
}

TEST_CASE("a stream that is stopped waits no longer") {
    place p;
    auto s = p.stream(never, 2);
    s.stop();
    CHECK(next(s).empty());
    s.stop();
    CHECK(next(s).empty());
}

TEST_CASE("a stream ends with the right to see it") {
    place p;
    bool may = true;
    auto s = p.stream(at_once, 0, [&]() -> task<result<auth::grant>> {
        if (!may) return refused();
        return p.policy.authorize_on_cluster(auth::local_operator(), auth::permission::use_cluster,
                                             std::string("dev"));
    });
    CHECK(next(s).starts_with("id: 1\n"));
    CHECK(next(s) == ":\n\n");
    p.say("helm", "a secret of the house");
    may = false;
    CHECK(next(s).empty());
    may = true;
    CHECK(next(s).empty());
}

TEST_CASE("a stream ends when the operation is forgotten") {
    place p;
    auto s = p.stream(at_once, 2);
    CHECK(next(s) == ":\n\n");
    run_to_end(p.stores->operations().cancel(p.begun.id)).value();
    CHECK(run_to_end(p.stores->operations().forget(instant::max())) == 1);
    CHECK(next(s).empty());
}

}  // namespace pilothouse::tests::event_stream_test
