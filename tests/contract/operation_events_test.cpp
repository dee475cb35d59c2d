// The contract of storage::operation_events.
#include "storage/operation_log.hpp"
#include "tests/contract/release_scene.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::operation_events_test {

namespace {

using storage::operation_event;
using storage::operation_events_max;

operation_event said(std::string text, std::string what = "helm", instant at = {}) {
    return {0, at, std::move(what), std::move(text)};
}

template <class Adapter>
struct scene {
    opened<Adapter> stores;
    std::string operation = begin(*stores, install_of(make_cluster(*stores))).operation.id;

    void append(std::vector<operation_event> events) {
        wait(stores->operation_events().append(operation, std::move(events)));
    }
    std::vector<operation_event> read(std::int64_t after = 0) {
        return wait(stores->operation_events().read(operation, after));
    }
    // One by one from 1 on, or `at_once` in each call.
    void say(std::size_t count, std::size_t at_once = 1) {
        std::vector<operation_event> events;
        for (std::size_t i = 0; i < count; ++i) {
            events.push_back(said(std::to_string(++last)));
            if (events.size() < at_once && i + 1 < count) continue;
            append(std::move(events));
            events.clear();
        }
    }
    std::size_t last = 0;
};

}  // namespace

TEST_CASE_TEMPLATE("Events are numbered in the order in which they came", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    CHECK(s.read().empty());
    auto first = said("one", "queued", from_nanoseconds(123'456'789));
    first.number = 99;  // given here
    s.append({first, said("two")});
    s.append({});
    s.append({said("three", "finished")});
    auto const all = s.read();
    REQUIRE(all.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(all[i].number == static_cast<std::int64_t>(i + 1));
    CHECK(all[0].at == from_nanoseconds(123'456'789));
    CHECK(all[0].what == "queued");
    CHECK(all[0].text == "one");
    CHECK(all[1].text == "two");
    CHECK(all[2].what == "finished");
    CHECK(all[2].text == "three");
}

TEST_CASE_TEMPLATE("Who has read some events reads on after them", Adapter, PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    s.say(3);
    CHECK(s.read(0).size() == 3);
    CHECK(s.read(-1).size() == 3);
    auto const rest = s.read(2);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].number == 3);
    CHECK(s.read(3).empty());
    CHECK(s.read(99).empty());
    s.say(1);
    REQUIRE(s.read(3).size() == 1);
    CHECK(s.read(3)[0].text == "4");
}

TEST_CASE_TEMPLATE("Events are those of one operation", Adapter, PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    auto const other = begin(*s.stores, install_of(make_cluster(*s.stores, "other"))).operation.id;
    s.say(2);
    wait(s.stores->operation_events().append(other, {said("other")}));
    CHECK(s.read().size() == 2);
    auto const of_other = wait(s.stores->operation_events().read(other, 0));
    REQUIRE(of_other.size() == 1);
    CHECK(of_other[0].number == 1);
    // Of one that is not there nothing is kept, and that is no error.
    wait(s.stores->operation_events().append("o000", {said("nobody")}));
    CHECK(wait(s.stores->operation_events().read("o000", 0)).empty());
}

TEST_CASE_TEMPLATE("What is said after the end is still kept", Adapter, PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    s.say(1);
    (void)finish(*s.stores, s.operation);
    s.append({said("done", "finished")});
    CHECK(s.read().size() == 2);
}

TEST_CASE_TEMPLATE("As many events as there is room for are kept, whole", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    s.say(operation_events_max - 1, 100);
    auto const all = s.read();
    REQUIRE(all.size() == operation_events_max - 1);
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].text == std::to_string(i + 1));
        CHECK(all[i].what == "helm");
    }
}

TEST_CASE_TEMPLATE("Of more events the last is kept, and one says so", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    for (std::size_t const at_once : {std::size_t(100), std::size_t(2000)}) {
        scene<Adapter> s;
        s.say(operation_events_max, at_once);
        for (auto const more : {0, 1, 1, 700}) {
            s.say(static_cast<std::size_t>(more), at_once);
            auto const all = s.read();
            REQUIRE(all.size() == operation_events_max);
            for (std::size_t i = 0; i + 2 < all.size(); ++i)
                CHECK(all[i].text == std::to_string(i + 1));
            CHECK(all[all.size() - 2].what == "dropped");
            CHECK_FALSE(all[all.size() - 2].text.empty());
            CHECK(all.back().text == std::to_string(s.last));
            for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i].number > all[i - 1].number);
        }
    }
}

TEST_CASE_TEMPLATE("Who follows sees the last event, however many were dropped", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    std::int64_t seen = 0;
    std::string last;
    std::set<std::int64_t> numbers;
    while (s.last < operation_events_max + 50) {
        s.say(7);
        for (auto const& e : s.read(seen)) {
            CHECK(e.number > seen);
            CHECK(numbers.insert(e.number).second);
            seen = e.number;
            last = e.text;
        }
        CHECK(last == std::to_string(s.last));
    }
}

TEST_CASE_TEMPLATE("Events that come from several sides at once all have numbers", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    scene<Adapter> s;
    std::vector<std::thread> sides;
    for (int i = 0; i < 4; ++i)
        sides.emplace_back([&s, i] {
            for (int n = 0; n < 20; ++n) s.append({said(std::to_string(i)), said("and")});
        });
    for (auto& side : sides) side.join();
    auto const all = s.read();
    REQUIRE(all.size() == 160);
    for (std::size_t i = 0; i < all.size(); ++i)
        CHECK(all[i].number == static_cast<std::int64_t>(i + 1));
}

}  // namespace pilothouse::tests::operation_events_test
