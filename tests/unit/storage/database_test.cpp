#include "storage/sqlite/database.hpp"

#include "base/busy.hpp"
#include "base/runtime.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/storage/failing_vfs.hpp"

#include <semaphore>
#include <stdexcept>
#include <string>
#include <vector>

namespace pilothouse::storage::sqlite::database_test {

namespace {

constexpr sql put = "INSERT INTO setting (key, value) VALUES (?, 'x')";
constexpr sql hold = "BEGIN IMMEDIATE";
constexpr sql count_all = "SELECT count(*) FROM setting";

std::unique_ptr<database> open_in(tests::temp_dir const& dir, database::settings s = {}) {
    auto opened = database::open(dir.path() / "db", s);
    REQUIRE(opened);
    return std::move(*opened);
}

task<result<int>> put_key(database& db, std::string key) {
    co_return co_await db.write([&](transaction& t) -> result<int> {
        t.on().execute(put, key);
        return 1;
    });
}

std::int64_t count(database& db) {
    return run_to_end(db.read([](connection& c) {
        auto r = c.run(count_all);
        return r.next() ? r.integer(0) : -1;
    }));
}

// Changes that are all handed in while the writer is held up, so that they share a commit.
struct batch {
    explicit batch(database& to) : db(to) {
        asio::co_spawn(loop, hold_up(*this), [](std::exception_ptr) {});
        loop.poll();
        begun.acquire();
    }

    // What became of them, in order: "", or what was thrown or refused.
    std::vector<std::string> run(std::vector<task<result<int>>> changes) {
        std::vector<std::string> ends(changes.size());
        for (std::size_t i = 0; i < changes.size(); ++i)
            asio::co_spawn(loop, note(std::move(changes[i]), ends[i]), [](std::exception_ptr) {});
        asio::post(loop, [this] { go_on.release(); });
        loop.run();
        return ends;
    }

    static task<void> hold_up(batch& self) {
        (void)co_await self.db.write([&](transaction&) -> result<int> {
            self.begun.release();
            self.go_on.acquire();
            return 1;
        });
    }
    static task<void> note(task<result<int>> change, std::string& end) {
        try {
            auto const made = co_await std::move(change);
            if (!made) end = made.error().detail;
        } catch (storage_full const&) {
            end = "full";
        } catch (std::exception const& e) {
            end = e.what();
        }
    }

    database& db;
    asio::io_context loop{1};
    std::binary_semaphore begun{0}, go_on{0};
};

task<result<int>> put_and_refuse(database& db, std::string key) {
    co_return co_await db.write([&](transaction& t) -> result<int> {
        t.on().execute(put, key);
        t.after_commit([] { FAIL("told of what did not happen"); });
        return failure(errc::conflict, "refused");
    });
}

task<result<int>> put_and_throw(database& db, std::string key) {
    co_return co_await db.write([&](transaction& t) -> result<int> {
        t.on().execute(put, key);
        t.after_commit([] { FAIL("told of what did not happen"); });
        throw std::runtime_error("thrown");
    });
}

task<result<int>> put_and_tell(database& db, std::string key, std::vector<std::string>& told) {
    co_return co_await db.write([&](transaction& t) -> result<int> {
        t.on().execute(put, key);
        t.after_commit([&told, key] { told.push_back(key); });
        return 1;
    });
}

}  // namespace

TEST_CASE("Changes that wait together share one sync") {
    tests::failing_vfs layer;
    tests::temp_dir dir;
    auto const db = open_in(dir);
    batch together(*db);
    std::vector<task<result<int>>> changes;
    for (int i = 0; i < 16; ++i) changes.push_back(put_key(*db, std::to_string(i)));
    int const before = layer.syncs;
    for (auto const& end : together.run(std::move(changes))) CHECK(end.empty());
    // The held-up change writes nothing, so its commit syncs nothing.
    CHECK(layer.syncs - before == 1);
    CHECK(count(*db) == 16);
}

TEST_CASE("A batch has its largest size") {
    tests::failing_vfs layer;
    tests::temp_dir dir;
    database::settings s;
    s.batch_max = 4;
    auto const db = open_in(dir, s);
    batch together(*db);
    std::vector<task<result<int>>> changes;
    for (int i = 0; i < 16; ++i) changes.push_back(put_key(*db, std::to_string(i)));
    int const before = layer.syncs;
    (void)together.run(std::move(changes));
    CHECK(layer.syncs - before == 4);
}

TEST_CASE("A change that fails takes back its own work, not its neighbours'") {
    tests::temp_dir dir;
    auto const db = open_in(dir);
    std::vector<std::string> told;
    batch together(*db);
    std::vector<task<result<int>>> changes;
    changes.push_back(put_and_tell(*db, "a", told));
    changes.push_back(put_and_refuse(*db, "b"));
    changes.push_back(put_and_tell(*db, "c", told));
    changes.push_back(put_and_throw(*db, "d"));
    changes.push_back(put_key(*db, "a"));  // not unique
    changes.push_back(put_and_tell(*db, "b", told));
    auto const ends = together.run(std::move(changes));
    CHECK(ends[0].empty());
    CHECK(ends[1] == "refused");
    CHECK(ends[2].empty());
    CHECK(ends[3] == "thrown");
    CHECK(ends[4].find("UNIQUE") != std::string::npos);
    CHECK(ends[5].empty());
    CHECK(told == std::vector<std::string>{"a", "c", "b"});
    CHECK(count(*db) == 3);
}

TEST_CASE("A full disk fails every change of the commit, and recovers by itself") {
    tests::failing_vfs layer;
    tests::temp_dir dir;
    auto const db = open_in(dir);
    REQUIRE(run_to_end(put_key(*db, "before")));
    std::vector<std::string> told;
    batch together(*db);
    std::vector<task<result<int>>> changes;
    changes.push_back(put_and_tell(*db, "a", told));
    changes.push_back(put_and_refuse(*db, "b"));
    changes.push_back(put_and_tell(*db, "c", told));
    layer.fail_write = true;
    CHECK(together.run(std::move(changes)) == std::vector<std::string>{"full", "full", "full"});
    CHECK(told.empty());
    CHECK(count(*db) == 1);
    CHECK_FALSE(db->out_of_service());

    layer.fail_write = false;
    CHECK(run_to_end(put_key(*db, "a")));
    CHECK(count(*db) == 2);
}

TEST_CASE("After a failed sync no change is taken until the database is opened again") {
    tests::failing_vfs layer;
    tests::temp_dir dir;
    {
        auto const db = open_in(dir);
        REQUIRE(run_to_end(put_key(*db, "before")));
        layer.fail_sync = true;
        CHECK_THROWS_WITH((void)run_to_end(put_key(*db, "a")), doctest::Contains("I/O"));
        layer.fail_sync = false;
        REQUIRE(db->out_of_service());
        CHECK_THROWS_WITH((void)run_to_end(put_key(*db, "b")), doctest::Contains("restarted"));
        CHECK(count(*db) == 1);
    }
    auto const db = open_in(dir);
    CHECK_FALSE(db->out_of_service());
    CHECK(run_to_end(put_key(*db, "b")));
}

TEST_CASE("More changes than may wait are refused as busy, and nothing else is") {
    tests::temp_dir dir;
    database::settings s;
    s.waiting_max = 3;
    auto const db = open_in(dir, s);
    batch together(*db);
    std::vector<task<result<int>>> changes;
    for (int i = 0; i < 8; ++i) changes.push_back(put_key(*db, std::to_string(i)));
    auto const ends = together.run(std::move(changes));
    CHECK(std::count(ends.begin(), ends.end(), std::string()) == 3);
    CHECK(count(*db) == 3);
    for (auto const& end : ends) {
        if (!end.empty()) CHECK(end.find("no more work") != std::string::npos);
    }
}

TEST_CASE("While another program holds the database changes are busy, and reading goes on") {
    tests::temp_dir dir;
    database::settings s;
    s.patience = std::chrono::milliseconds(10);
    auto const db = open_in(dir, s);
    connection other(dir.path() / "db", connection::access::write);
    other.execute(hold);
    for (int again = 0; again < 2; ++again) {
        CHECK_THROWS_AS((void)run_to_end(put_key(*db, "a")), busy);
        CHECK(count(*db) == 0);
    }
    other.roll_back();
    CHECK(run_to_end(put_key(*db, "a")));
    CHECK_FALSE(db->out_of_service());
}

TEST_CASE("A reading sees one state, whatever is committed meanwhile") {
    tests::temp_dir dir;
    auto const db = open_in(dir);
    std::binary_semaphore seen_first(0), go_on(0);
    std::int64_t first = -1, second = -1;
    std::thread reading([&] {
        (void)run_to_end(db->read([&](connection& c) {
            auto const all = [&] {
                auto r = c.run(count_all);
                return r.next() ? r.integer(0) : -1;
            };
            first = all();
            seen_first.release();
            go_on.acquire();
            second = all();
            return 0;
        }));
    });
    seen_first.acquire();
    REQUIRE(run_to_end(put_key(*db, "a")));
    go_on.release();
    reading.join();
    CHECK(first == 0);
    CHECK(second == 0);
    CHECK(count(*db) == 1);
}

TEST_CASE("What a reading throws comes out, and the reader serves on") {
    tests::temp_dir dir;
    database::settings s;
    s.readers = 1;
    auto const db = open_in(dir, s);
    for (int i = 0; i < 3; ++i) {
        auto reading = db->read([](connection&) -> int { throw std::runtime_error("thrown"); });
        CHECK_THROWS_WITH((void)run_to_end(std::move(reading)), "thrown");
    }
    CHECK(count(*db) == 0);
}

TEST_CASE("Closing ends what was accepted and refuses what comes later") {
    tests::temp_dir dir;
    auto const db = open_in(dir);
    batch together(*db);
    std::vector<task<result<int>>> changes;
    changes.push_back(put_key(*db, "a"));
    std::thread closing;
    asio::post(together.loop, [&] { closing = std::thread([&] { db->close(); }); });
    (void)together.run(std::move(changes));
    closing.join();
    db->close();
    CHECK_THROWS_AS((void)run_to_end(put_key(*db, "b")), busy);
    CHECK_THROWS_AS((void)count(*db), busy);
    CHECK_FALSE(std::filesystem::exists(dir.path() / "db-wal"));
}

}  // namespace pilothouse::storage::sqlite::database_test
