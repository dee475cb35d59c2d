#include "auth/access_cache.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::access_cache_test {

using auth::access_cache;
using storage::project_id;
using storage::role;
using storage::user_id;

namespace {

std::shared_ptr<storage::project_record const> project_number(std::int64_t id,
                                                              std::string path = "grp/proj") {
    storage::project_record p;
    p.id = project_id{id};
    p.path = std::move(path);
    return std::make_shared<storage::project_record const>(std::move(p));
}

sha256_digest hash_number(int i) { return sha256(std::to_string(i)); }

}  // namespace

TEST_CASE("what was kept is found again: tokens, projects, roles") {
    access_cache cache;
    auto const token = std::make_shared<auth::known_token>();
    cache.keep_token(hash_number(1), token, cache.epoch());
    cache.keep_project(project_number(7), cache.epoch());
    cache.keep_role(project_id{7}, user_id{3}, {role::reporter, {}}, cache.epoch());

    CHECK(cache.token(hash_number(1)) == token);
    CHECK(cache.token(hash_number(2)) == nullptr);
    REQUIRE(cache.project(project_id{7}) != nullptr);
    CHECK(cache.project(project_id{7})->path == "grp/proj");
    CHECK(cache.project(project_id{8}) == nullptr);
    CHECK(cache.role(project_id{7}, user_id{3})->role == role::reporter);
    CHECK(!cache.role(project_id{3}, user_id{7}));
}

TEST_CASE("that somebody is no member is kept too") {
    access_cache cache;
    cache.keep_role(project_id{1}, user_id{1}, {role::none, {}}, cache.epoch());
    REQUIRE(cache.role(project_id{1}, user_id{1}));
    CHECK(cache.role(project_id{1}, user_id{1})->role == role::none);
}

TEST_CASE("a project is found by its path in any letter case, and only by the whole of it") {
    access_cache cache;
    cache.keep_project(project_number(1, "Grp/Sub-2/Proj_x"), cache.epoch());
    for (char const* const path : {"Grp/Sub-2/Proj_x", "grp/sub-2/proj_x", "GRP/SUB-2/PROJ_X"})
        CHECK(cache.project(path) != nullptr);
    // '@' and '`', '[' and '{' differ by the bit that tells letter cases apart.
    for (char const* const path :
         {"", "grp", "Grp/Sub-2/Proj_", "Grp/Sub-2/Proj_xx", "Grp/Sub-2/Proj\x7Fx"})
        CHECK(cache.project(path) == nullptr);
}

TEST_CASE("a change of the directory empties everything") {
    access_cache cache;
    cache.keep_token(hash_number(1), std::make_shared<auth::known_token>(), cache.epoch());
    cache.keep_project(project_number(1), cache.epoch());
    cache.keep_role(project_id{1}, user_id{1}, {role::owner, {}}, cache.epoch());
    cache.directory_changed();
    CHECK(cache.token(hash_number(1)) == nullptr);
    CHECK(cache.project(project_id{1}) == nullptr);
    CHECK(cache.project("grp/proj") == nullptr);
    CHECK(!cache.role(project_id{1}, user_id{1}));
}

TEST_CASE("what was loaded before a change is not kept after it") {
    access_cache cache;
    auto const loaded_at = cache.epoch();
    cache.directory_changed();
    cache.keep_token(hash_number(1), std::make_shared<auth::known_token>(), loaded_at);
    cache.keep_project(project_number(1), loaded_at);
    cache.keep_role(project_id{1}, user_id{1}, {role::owner, {}}, loaded_at);
    CHECK(cache.token(hash_number(1)) == nullptr);
    CHECK(cache.project(project_id{1}) == nullptr);
    CHECK(cache.project("grp/proj") == nullptr);
    CHECK(!cache.role(project_id{1}, user_id{1}));
}

TEST_CASE("the cache never holds more than its limits, and keeps what came last") {
    access_cache cache(access_cache::limits{.tokens = 64, .projects = 64, .roles = 64});
    for (int i = 0; i < 10'000; ++i) {
        cache.keep_token(hash_number(i), std::make_shared<auth::known_token>(), cache.epoch());
        cache.keep_role(project_id{i}, user_id{1}, {role::guest, {}}, cache.epoch());
        cache.keep_project(project_number(i, "grp/p" + std::to_string(i)), cache.epoch());
    }
    int tokens = 0, roles = 0, projects = 0, paths = 0;
    for (int i = 0; i < 10'000; ++i) {
        tokens += cache.token(hash_number(i)) != nullptr;
        roles += cache.role(project_id{i}, user_id{1}).has_value();
        projects += cache.project(project_id{i}) != nullptr;
        paths += cache.project("grp/p" + std::to_string(i)) != nullptr;
    }
    for (int const count : {tokens, roles, projects, paths}) {
        CHECK(count >= 1);
        CHECK(count <= 64);
    }
    CHECK(cache.project(project_id{9'999}) != nullptr);
}

TEST_CASE("whoever is served while roles change never sees the old role after the change") {
    access_cache cache;
    // The store: written by one thread, which tells the cache after each change, as the port says.
    std::atomic<int> stored{10};
    std::atomic<int> announced{10};
    std::atomic<int> stale{0};
    std::atomic<bool> stop{false};

    auto const reader = [&] {
        while (!stop.load()) {
            int const least = announced.load();
            int seen = 0;
            if (auto const kept = cache.role(project_id{1}, user_id{1})) {
                seen = static_cast<int>(kept->role);
            } else {
                auto const loaded_at = cache.epoch();
                seen = stored.load();
                cache.keep_role(project_id{1}, user_id{1}, {static_cast<role>(seen), {}},
                                loaded_at);
            }
            if (seen < least) stale.fetch_add(1);
        }
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) readers.emplace_back(reader);
    for (int value = 11; value < 200; ++value) {
        stored.store(value);
        cache.directory_changed();
        announced.store(value);
        std::this_thread::yield();
    }
    stop.store(true);
    for (auto& r : readers) r.join();
    CHECK(stale.load() == 0);
}

}  // namespace pilothouse::tests::access_cache_test
