// How long views stay, and who makes them.
#include "index/view_cache.hpp"

#include "base/runtime.hpp"
#include "index/channel_index.hpp"
#include "index/snapshot.hpp"
#include "tests/support/result_text.hpp"
#include "tests/unit/index/fake_catalogue.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::index::view_cache_test {

using tests::body;
using tests::make_sample;
using tests::sample;

namespace {

constexpr storage::project_id harbour{1};
std::string const stable = "stable";

std::shared_ptr<snapshot const> some_view() {
    return std::make_shared<snapshot>(group_list(index_format::json), 1, instant());
}

// Enters as a maker and ends at once.
void keep(view_cache& cache, std::string const& lens, std::uint64_t bytes) {
    REQUIRE(cache.enter(lens).makes);
    cache.end(lens, some_view(), bytes);
}

// Without using it.
std::size_t held(view_cache& cache, std::vector<std::string> const& lenses) {
    std::size_t count = 0;
    for (auto const& lens : lenses) {
        auto const turn = cache.enter(lens);
        if (turn.ready) ++count;
        if (turn.makes) cache.end(lens, nullptr, 0);
    }
    return count;
}

lens lens_of(std::string_view text) { return lens::parse(text).value(); }

// More versions than are looked through on a loop.
std::shared_ptr<snapshot const> large() {
    std::vector<sample> all;
    for (int i = 0; i < 3000; ++i)
        all.push_back(make_sample("c" + std::to_string(i % 100), std::to_string(i) + ".0.0", i));
    std::sort(all.begin(), all.end(), tests::comes_before);
    return std::make_shared<snapshot>(tests::list_of(index_format::json, all), 1, instant());
}

}  // namespace

TEST_CASE("as many views as may be are kept; the one not used for longest makes room") {
    view_cache cache({.views = 3, .bytes = 1000});
    keep(cache, "a", 10);
    keep(cache, "b", 10);
    keep(cache, "c", 10);
    CHECK(cache.enter("a").ready);
    keep(cache, "d", 10);
    CHECK(cache.measure().views == 3);
    CHECK(cache.measure().bytes == 30);
    CHECK(held(cache, {"b"}) == 0);
    CHECK(held(cache, {"a", "c", "d"}) == 3);
}

TEST_CASE("as many bytes as may be are kept, whatever number of views that is") {
    view_cache cache({.views = 100, .bytes = 100});
    keep(cache, "a", 40);
    keep(cache, "b", 40);
    keep(cache, "shared", 0);
    keep(cache, "c", 90);
    CHECK(held(cache, {"a", "b"}) == 0);
    CHECK(held(cache, {"shared", "c"}) == 2);
    CHECK(cache.measure().bytes == 90);
    keep(cache, "too large", 101);
    CHECK(held(cache, {"too large"}) == 0);
    CHECK(held(cache, {"shared", "c"}) == 2);
}

TEST_CASE("who waits gets the view, kept or not, and nothing when its maker gives up") {
    view_cache cache({.views = 1, .bytes = 10});
    for (bool const gives_up : {false, true}) {
        asio::io_context loop(1);
        REQUIRE(cache.enter("large").makes);
        CHECK(!cache.enter("large").makes);
        int answers = 0, views = 0;
        for (int i = 0; i < 3; ++i)
            asio::co_spawn(loop, cache.wait("large"),
                           [&](std::exception_ptr, view_cache::pointer made) {
                               ++answers;
                               if (made) ++views;
                           });
        loop.poll();
        CHECK(answers == 0);
        cache.end("large", gives_up ? nullptr : some_view(), 11);
        loop.run();
        CHECK(answers == 3);
        CHECK(views == (gives_up ? 0 : 3));
    }
    CHECK(!run_to_end(cache.wait("large")));
    keep(cache, "small", 1);
    CHECK(run_to_end(cache.wait("small")));
}

TEST_CASE("a large view is made once, on the pool, for all who ask meanwhile") {
    auto const whole = large();
    blocking_pool pool("views", {.threads = 1});
    std::promise<void> busy, begun;
    REQUIRE(pool.try_post([&] {
        begun.set_value();
        busy.get_future().wait();
    }));
    begun.get_future().wait();
    asio::io_context loop(1);
    std::vector<std::shared_ptr<snapshot const>> seen;
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(loop, whole->through(lens_of("latest-2"), pool),
                       [&](std::exception_ptr, result<std::shared_ptr<snapshot const>> made) {
                           seen.push_back(made.value());
                       });
    loop.poll();
    CHECK(seen.empty());
    CHECK(pool.waiting() == 1);
    // A small channel's is made where it is asked for.
    auto const small = std::make_shared<snapshot>(group_list(index_format::json), 1, instant());
    CHECK(run_to_end(small->through(lens_of("latest-2"), pool)).value()->versions() == 0);
    busy.set_value();
    loop.restart();
    loop.run();
    REQUIRE(seen.size() == 5);
    CHECK(seen[0]->versions() == 200);
    for (auto const& s : seen) CHECK(s == seen[0]);
    CHECK(run_to_end(whole->through(lens_of("latest-2"), pool)).value() == seen[0]);
    CHECK(whole->views().views == 1);
    CHECK(whole->views().bytes ==
          seen[0]->identity_bytes() - small->identity_bytes() - std::string_view("]\n").size());
}

TEST_CASE("a pool without room refuses a view, now and not for ever") {
    auto const whole = large();
    blocking_pool pool("views", {.threads = 1, .waiting_max = 1});
    std::promise<void> busy, begun;
    REQUIRE(pool.try_post([&] {
        begun.set_value();
        busy.get_future().wait();
    }));
    begun.get_future().wait();
    REQUIRE(pool.try_post([] {}));
    auto const refused = run_to_end(whole->through(lens_of("latest-2"), pool));
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::unavailable);
    busy.set_value();
    while (pool.waiting() > 0) std::this_thread::yield();
    CHECK(run_to_end(whole->through(lens_of("latest-2"), pool)));
}

TEST_CASE("a view shows the channel as it is, after every change, among many readers") {
    channel_index index(index_format::json);
    tests::fake_catalogue catalogue(index);
    index.read_from(catalogue);
    blocking_pool pool("views", {.threads = 2});
    catalogue.put(harbour, stable, make_sample("seed", "1.0.0", 0));
    std::atomic<int> missed = 0, broken = 0, writing = 4;
    std::vector<std::thread> threads;
    for (int w = 0; w < 4; ++w)
        threads.emplace_back([&, w] {
            std::string const chart = "w" + std::to_string(w);
            for (int i = 0; i < 400; ++i) {
                auto const s = make_sample(chart, std::to_string(i) + ".0.0", i, 200);
                catalogue.put(harbour, stable, s);
                auto const l = lens_of(i % 2 == 0 ? "latest-1" : "chart-" + chart);
                auto const seen =
                    run_to_end(index.view(harbour, stable, instant(), l, pool)).value();
                if (seen->find_archive(s.file_name()) != s.digest()) ++missed;
                if (i % 2 == 1 && seen->versions() != static_cast<std::size_t>(i) + 1) ++missed;
            }
            --writing;
        });
    for (int r = 0; r < 2; ++r)
        threads.emplace_back([&] {
            storage::generation last = 0;
            while (writing > 0) {
                auto const seen =
                    run_to_end(index.view(harbour, stable, instant(), lens_of("range->=1"), pool))
                        .value();
                if (seen->generation() < last) ++broken;
                last = seen->generation();
            }
        });
    for (auto& t : threads) t.join();
    CHECK(missed == 0);
    CHECK(broken == 0);
    auto const last = run_to_end(index.view(harbour, stable, instant(), lens_of("latest-1"), pool));
    CHECK(last.value()->versions() == 5);
    CHECK(index.measure().views >= 1);
    // Views go with the state that they show.
    catalogue.put(harbour, stable, make_sample("seed", "2.0.0", 1));
    CHECK(index.measure().views == 0);
}

}  // namespace pilothouse::index::view_cache_test
