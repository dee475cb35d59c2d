#include "index/channel_index.hpp"

#include "base/runtime.hpp"
#include "tests/unit/index/fake_catalogue.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>

#include <atomic>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pilothouse::index::channel_index_test {

using storage::project_id;
using tests::body;
using tests::make_sample;
using tests::sample;

namespace {

constexpr project_id harbour{1};
constexpr project_id quay{2};
std::string const stable = "stable";
instant const founded = *from_rfc3339("2020-01-01T00:00:00Z");

struct house {
    explicit house(index_format format = index_format::json) : index(format) {
        index.read_from(catalogue);
    }
    std::shared_ptr<index_snapshot const> current(project_id p = harbour,
                                                  std::string const& channel = stable) {
        return run_to_end(index.current(p, channel, founded));
    }

    channel_index index;
    tests::fake_catalogue catalogue{index};
};

std::string text_of(index_snapshot const& s) { return body(s.render("", coding::identity)); }

// What a server that has just started would answer.
void check_fresh(house& h, index_snapshot const& s, index_format format) {
    channel_index restarted(format);
    restarted.read_from(h.catalogue);
    auto const fresh = run_to_end(restarted.current(harbour, stable, founded));
    for (auto c : {coding::identity, coding::gzip}) {
        auto const expected = fresh->render("/p", c);
        auto const actual = s.render("/p", c);
        CHECK(body(actual) == body(expected));
        CHECK(actual.etag == expected.etag);
    }
    CHECK(s.generation() == fresh->generation());
    CHECK(s.generated() == fresh->generated());
}

}  // namespace

TEST_CASE("a channel is loaded once, when first asked for") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    CHECK(!h.index.loaded(harbour, stable));
    auto const first = h.current();
    CHECK(first->versions() == 1);
    CHECK(first->generation() == 1);
    CHECK(h.index.loaded(harbour, stable) == first);
    CHECK(h.current() == first);
    CHECK(h.catalogue.scans() == 1);
    CHECK(h.index.measure().channels == 1);
    CHECK(h.index.measure().bytes == first->identity_bytes());
}

TEST_CASE("a loaded channel follows every change at once, without reading the catalogue again") {
    for (auto format : {index_format::json, index_format::yaml}) {
        house h(format);
        h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
        auto const first = h.current();
        auto const first_text = text_of(*first);
        std::mt19937 random(3);
        for (int i = 0; i < 60; ++i) {
            std::string const version = std::to_string(random() % 20) + ".0.0";
            if (random() % 4 == 0)
                h.catalogue.take(harbour, stable, "a", version);
            else
                h.catalogue.put(harbour, stable, make_sample("a", version, i, 2000));
            auto const now = h.index.loaded(harbour, stable);
            REQUIRE(now);
            REQUIRE(now->generation() == i + 2);
            check_fresh(h, *now, format);
        }
        CHECK(h.catalogue.scans() == 1 + 60);  // check_fresh's own
        CHECK(text_of(*first) == first_text);  // who holds an old one keeps it
    }
}

TEST_CASE("generated changes with the content only, and never goes back") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    auto const one = h.current();
    h.catalogue.put(harbour, stable, make_sample("a", "1.1.0", 2));
    auto const two = h.current();
    CHECK(two->generated() > one->generated());
    h.catalogue.take(harbour, stable, "a", "1.0.0");
    h.catalogue.take(harbour, stable, "a", "1.1.0");
    auto const emptied = h.current();
    CHECK(emptied->versions() == 0);
    CHECK(emptied->generated() > two->generated());
    check_fresh(h, *emptied, index_format::json);
}

TEST_CASE("a channel that nobody pushed to is empty, dated by its caller, and not kept") {
    house h;
    auto const nowhere = h.current();
    CHECK(nowhere->versions() == 0);
    CHECK(nowhere->generated() == founded);
    CHECK(!h.index.loaded(harbour, stable));
    CHECK(h.index.measure().channels == 0);
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    CHECK(h.current()->versions() == 1);
}

TEST_CASE("channels and projects are kept apart") {
    house h;
    h.catalogue.put(harbour, "stable", make_sample("a", "1.0.0", 1));
    h.catalogue.put(harbour, "edge", make_sample("b", "1.0.0", 1));
    h.catalogue.put(quay, "stable", make_sample("c", "1.0.0", 1));
    CHECK(h.current(harbour, "stable")->find_archive("a-1.0.0.tgz"));
    CHECK(h.current(harbour, "edge")->find_archive("b-1.0.0.tgz"));
    CHECK(h.current(quay, "stable")->find_archive("c-1.0.0.tgz"));
    CHECK(!h.current(quay, "stable")->find_archive("a-1.0.0.tgz"));
    CHECK(h.index.measure().channels == 3);

    h.catalogue.remove_project(harbour);
    CHECK(!h.index.loaded(harbour, "stable"));
    CHECK(!h.index.loaded(harbour, "edge"));
    CHECK(h.index.loaded(quay, "stable"));
    CHECK(h.current(harbour, "stable")->versions() == 0);
}

TEST_CASE("changes while a channel loads are in what the load answers, each once") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    // In the catalogue before the load looks, told after.
    auto const tell = h.catalogue.put_untold(harbour, stable, make_sample("a", "1.1.0", 2));
    h.catalogue.meanwhile = [&] {
        tell();
        h.catalogue.put(harbour, stable, make_sample("a", "1.2.0", 3));
        h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 4));
        h.catalogue.take(harbour, stable, "a", "1.1.0");
        CHECK(!h.index.loaded(harbour, stable));
    };
    auto const now = h.current();
    h.catalogue.meanwhile = {};
    CHECK(now->generation() == 5);
    CHECK(now->versions() == 2);
    CHECK(h.index.loaded(harbour, stable) == now);
    check_fresh(h, *now, index_format::json);
}

TEST_CASE("readers see the changes of one commit together") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    auto const before = h.current();
    std::vector<sample> const three = {make_sample("a", "1.1.0", 2), make_sample("b", "1.0.0", 3),
                                       make_sample("a", "1.0.0", 4)};
    int looked = 0;
    SUBCASE("of a channel that is loaded") {
        h.catalogue.put_together(harbour, stable, three, [&] {
            ++looked;
            CHECK(h.index.loaded(harbour, stable) == before);
        });
        CHECK(h.catalogue.scans() == 1);
    }
    SUBCASE("of one whose load read it before, and ends amid the telling") {
        channel_index other(index_format::json);
        tests::fake_catalogue catalogue(other);
        other.read_from(catalogue);
        catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
        asio::io_context loop(1);
        std::optional<resumer<int>> gate;
        catalogue.hold = [&](resumer<int> r) { gate.emplace(std::move(r)); };
        std::shared_ptr<index_snapshot const> loaded;
        asio::co_spawn(loop, other.current(harbour, stable, founded),
                       [&](std::exception_ptr const&, std::shared_ptr<index_snapshot const> s) {
                           loaded = std::move(s);
                       });
        loop.poll();
        REQUIRE(gate);
        catalogue.put_together(harbour, stable, three, [&] {
            if (++looked == 1) {
                (*gate)(0);
                gate.reset();
                loop.restart();
                loop.run();
                REQUIRE(loaded);
            }
            CHECK(loaded->versions() == 1);
            CHECK(other.loaded(harbour, stable) == loaded);
        });
        auto const now = other.loaded(harbour, stable);
        REQUIRE(now);
        CHECK(now->versions() == 3);
        CHECK(now->generation() == 4);
        CHECK(catalogue.scans() == 1);
        h.catalogue.put_together(harbour, stable, three, [] {});
    }
    SUBCASE("of one whose load read it after") {
        channel_index other(index_format::json);
        other.read_from(h.catalogue);
        h.catalogue.put_together(harbour, stable, three, [&] {
            if (++looked == 1) (void)run_to_end(other.current(harbour, stable, founded));
            CHECK(other.loaded(harbour, stable)->versions() == 3);
        });
    }
    CHECK(looked == 2);
    CHECK(h.current()->versions() == 3);
    CHECK(h.current()->generation() == 4);
    check_fresh(h, *h.current(), index_format::json);
}

TEST_CASE("a change missed makes the next reader load anew") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    (void)h.current();
    (void)h.catalogue.put_untold(harbour, stable, make_sample("a", "1.1.0", 2));
    h.catalogue.put(harbour, stable, make_sample("a", "1.2.0", 3));
    CHECK(!h.index.loaded(harbour, stable));
    CHECK(h.current()->versions() == 3);
    CHECK(h.index.loaded(harbour, stable));

    SUBCASE("told twice is told once") {
        auto const tell = h.catalogue.put_untold(harbour, stable, make_sample("b", "1.0.0", 4));
        tell();
        auto const now = h.index.loaded(harbour, stable);
        tell();
        CHECK(h.index.loaded(harbour, stable) == now);
        CHECK(now->versions() == 4);
    }
    SUBCASE("missed while loading") {
        channel_index other(index_format::json);
        tests::fake_catalogue catalogue(other);
        other.read_from(catalogue);
        catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
        int scans_seen = 0;
        catalogue.meanwhile = [&] {
            if (++scans_seen > 1) return;
            (void)catalogue.put_untold(harbour, stable, make_sample("a", "1.1.0", 2));
            catalogue.put(harbour, stable, make_sample("a", "1.2.0", 3));
        };
        CHECK(run_to_end(other.current(harbour, stable, founded))->versions() == 3);
        CHECK(catalogue.scans() == 2);
    }
}

TEST_CASE("a fragment that is not one makes the channel unreadable, not the server") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    (void)h.current();
    auto bad = make_sample("a", "1.1.0", 2);
    bad.fragment = "{}";
    h.catalogue.put(harbour, stable, bad);
    CHECK(!h.index.loaded(harbour, stable));
    CHECK_THROWS_AS(h.current(), std::runtime_error);
    CHECK_THROWS_AS(h.current(), std::runtime_error);
    h.catalogue.take(harbour, stable, "a", "1.1.0");
    CHECK(h.current()->versions() == 1);
}

TEST_CASE("a project removed while a channel loads leaves nothing behind") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    bool removed = false;
    h.catalogue.meanwhile = [&] {
        if (!std::exchange(removed, true)) h.catalogue.remove_project(harbour);
    };
    CHECK(h.current()->versions() == 0);
    CHECK(!h.index.loaded(harbour, stable));
}

TEST_CASE("one load serves all who ask meanwhile") {
    constexpr int readers = 5;
    bool const fails = [] {
        bool f = false;
        SUBCASE("it succeeds") { f = false; }
        SUBCASE("it fails") { f = true; }
        return f;
    }();
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    asio::io_context loop(1);
    std::optional<resumer<int>> gate;
    h.catalogue.hold = [&](resumer<int> r) { gate.emplace(std::move(r)); };
    h.catalogue.meanwhile = [&] {
        if (fails) throw std::runtime_error("the disk is gone");
    };
    int answered = 0, failed = 0;
    std::shared_ptr<index_snapshot const> seen;
    for (int i = 0; i < readers; ++i)
        asio::co_spawn(loop, h.index.current(harbour, stable, founded),
                       [&](std::exception_ptr e, std::shared_ptr<index_snapshot const> s) {
                           ++(e ? failed : answered);
                           if (s && seen) CHECK(s == seen);
                           seen = s;
                       });
    loop.poll();
    REQUIRE(gate);
    CHECK(answered + failed == 0);
    (*gate)(0);
    gate.reset();
    loop.restart();
    loop.run();
    CHECK(answered == (fails ? 0 : readers));
    CHECK(failed == (fails ? readers : 0));
    CHECK(h.catalogue.scans() == 1);
}

TEST_CASE("a load that is given up makes way for the next") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("a", "1.0.0", 1));
    // Nobody resumes this: the loop goes first, as at a shutdown.
    h.catalogue.hold = [](resumer<int> const&) {};
    {
        asio::io_context loop(1);
        asio::co_spawn(loop, h.index.current(harbour, stable, founded),
                       [](std::exception_ptr, std::shared_ptr<index_snapshot const>) {});
        loop.poll();
    }
    h.catalogue.hold = {};
    CHECK(h.current()->versions() == 1);
}

TEST_CASE("who was told of his change sees it in the very next read, among many") {
    constexpr int writers = 8, readers = 2, puts = 60;
    house h;
    h.catalogue.put(harbour, stable, make_sample("seed", "1.0.0", 0));
    std::atomic<int> missed = 0, broken = 0, writing = writers;
    std::vector<std::thread> threads;
    for (int w = 0; w < writers; ++w)
        threads.emplace_back([&, w] {
            std::string const chart = "w" + std::to_string(w);
            for (int i = 0; i < puts; ++i) {
                auto const s = make_sample(chart, "1." + std::to_string(i) + ".0", i, 1500);
                h.catalogue.put(harbour, stable, s);
                auto now = h.index.loaded(harbour, stable);
                if (!now) now = h.current();
                if (now->find_archive(s.file_name()) != s.digest()) ++missed;
                if (i % 5 == 4) {
                    h.catalogue.take(harbour, stable, chart, s.version);
                    if (h.current()->find_archive(s.file_name())) ++missed;
                }
            }
            --writing;
        });
    for (int r = 0; r < readers; ++r)
        threads.emplace_back([&] {
            storage::generation last = 0;
            while (writing > 0) {
                auto const now = h.current();
                if (now->generation() < last) ++broken;
                last = now->generation();
                std::string plain, zipped;
                for (auto const& p : now->render("", coding::identity).pieces) plain += p.bytes;
                for (auto const& p : now->render("", coding::gzip).pieces) zipped += p.bytes;
                if (tests::gunzip(zipped) != plain) ++broken;
            }
        });
    for (auto& t : threads) t.join();
    CHECK(missed == 0);
    CHECK(broken == 0);
    auto const now = h.current();
    CHECK(now->versions() == 1 + writers * puts * 4 / 5);
    check_fresh(h, *now, index_format::json);
}

TEST_CASE("a channel may have another form than the server, and change it") {
    for (auto const servers : {index_format::json, index_format::yaml}) {
        house h(servers);
        h.catalogue.put(harbour, stable, make_sample("tide", "1.0.0", 1));
        h.catalogue.put(quay, stable, make_sample("tide", "1.0.0", 1));
        auto const first = h.current();
        auto const json = [&](project_id p = harbour) {
            return text_of(*h.current(p)).starts_with('{');
        };
        CHECK(json() == (servers == index_format::json));
        for (auto const choice : {storage::index_choice::yaml, storage::index_choice::json}) {
            h.catalogue.reformat(harbour, stable, choice);
            CHECK(json() == (choice == storage::index_choice::json));
            CHECK(json(quay) == (servers == index_format::json));
            h.catalogue.put(harbour, stable, make_sample("moon", "1.0.0", 2));
            CHECK(json() == (choice == storage::index_choice::json));
            CHECK(h.current()->versions() == 2);
            CHECK(h.current()->find_archive("moon-1.0.0.tgz"));
        }
        h.catalogue.reformat(harbour, stable, storage::index_choice::inherit);
        CHECK(json() == (servers == index_format::json));
        CHECK(h.current()->generation() > first->generation());
    }
}

TEST_CASE("a form that changes while the channel is read is the form that is answered") {
    house h;
    h.catalogue.put(harbour, stable, make_sample("tide", "1.0.0", 1));
    int times = 0;
    h.catalogue.meanwhile = [&] {
        if (++times == 1) h.catalogue.reformat(harbour, stable, storage::index_choice::yaml);
    };
    CHECK(text_of(*h.current()).starts_with("---"));
    CHECK(times == 3);  // changed under way; in the server's form; in its own
}

}  // namespace pilothouse::index::channel_index_test
