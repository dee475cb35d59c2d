#include "base/rate_table.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::tests::rate_table_test {

using namespace std::chrono_literals;

namespace {

constexpr steady_time start{1h};

}  // namespace

TEST_CASE("A key is counted within its window, which begins with its first event") {
    rate_table table({3, 10s});
    auto const key = table.key_of("ada");
    CHECK(table.look(key, start).count == 0);
    CHECK(table.add(key, start).count == 1);
    auto const second = table.add(key, start + 4s);
    CHECK(second.count == 2);
    CHECK(second.left == 6s);
    CHECK(table.look(key, start + 9s).count == 2);
    CHECK(table.look(key, start + 9s).left == 1s);
    CHECK(table.add(key, start + 9s, 5).count == 7);
    CHECK(table.look(key, start + 10s).count == 0);
    CHECK(table.add(key, start + 10s).count == 1);
    CHECK(table.look(key, start + 19s).count == 1);
}

TEST_CASE("Keys are counted apart") {
    rate_table table({3, 10s});
    CHECK(table.add(table.key_of("ada"), start).count == 1);
    CHECK(table.add(table.key_of("bob"), start).count == 1);
    CHECK(table.add(table.key_of("ada"), start).count == 2);
    CHECK(table.look(table.key_of("bob"), start).count == 1);
    CHECK(table.look(table.key_of("carol"), start).count == 0);
}

TEST_CASE("A count does not run over") {
    rate_table table({3, 10s});
    auto const key = table.key_of("ada");
    (void)table.add(key, start, 4'000'000'000u);
    CHECK(table.add(key, start, 4'000'000'000u).count == 4'294'967'295u);
    CHECK(table.add(key, start).count == 4'294'967'295u);
}

TEST_CASE("A flood of keys makes the table forget the oldest, and takes no more memory") {
    rate_table table({3, 1h}, 64);
    auto const before = table.bytes();
    auto const last = table.key_of("the last");
    for (int i = 0; i < 10'000; ++i)
        (void)table.add(table.key_of(std::to_string(i)), start + std::chrono::milliseconds(i));
    CHECK(table.add(last, start + 11s).count == 1);
    CHECK(table.look(last, start + 12s).count == 1);
    CHECK(table.look(table.key_of("0"), start + 12s).count == 0);
    CHECK(table.bytes() == before);
    CHECK(before <= 64 * 24);
    int kept = 0;
    for (int i = 0; i < 10'000; ++i)
        kept += table.look(table.key_of(std::to_string(i)), start + 12s).count != 0 ? 1 : 0;
    CHECK(kept > 0);
    CHECK(kept <= 63);
}

TEST_CASE("Keys depend on a secret, on every byte and on the length") {
    rate_table one({3, 10s}), other({3, 10s});
    CHECK(one.key_of("ada") != other.key_of("ada"));
    std::set<std::uint64_t> keys;
    std::string const zeros(40, '\0');
    for (std::size_t n = 0; n <= zeros.size(); ++n) {
        keys.insert(one.key_of(std::string_view(zeros).substr(0, n)));
        auto text = zeros;
        text[n % 40] = 'x';
        keys.insert(one.key_of(text));
    }
    CHECK(keys.size() == 41 + 40);
}

TEST_CASE("What does not limit keeps no memory") {
    rate_table const table(rate{});
    CHECK_FALSE(table.limit().limits());
    CHECK(table.bytes() == 0);
}

TEST_CASE("Of counts on many threads none is lost") {
    rate_table table({3, 1h});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&table] {
            for (int i = 0; i < 1'000; ++i)
                (void)table.add(table.key_of(std::to_string(i % 10)), start);
        });
    for (auto& t : threads) t.join();
    for (int i = 0; i < 10; ++i)
        CHECK(table.look(table.key_of(std::to_string(i)), start).count == 400);
}

}  // namespace pilothouse::tests::rate_table_test
