// How often each of very many did something lately, in a fixed amount of memory.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>

namespace pilothouse {

// So many times within each window; 0: no limit.
struct rate {
    std::uint32_t count = 0;
    std::chrono::milliseconds window{60'000};

    [[nodiscard]] bool limits() const noexcept { return count != 0; }
    friend bool operator==(rate const&, rate const&) = default;
};

// The steady clock, or a test's own. Thread-safe.
using steady_time = std::chrono::steady_clock::time_point;
using steady_source = std::function<steady_time()>;

// A window begins with the first event in it. There are `entries` places; of the eight where a key
// may stand, the one whose window began first makes room for a new key, so whoever floods the table
// with keys makes it forget, never grow. Thread-safe: the places lie in shards with a short lock
// each, so cores that count different keys seldom meet.
class rate_table {
public:
    struct tally {
        std::uint32_t count = 0;           // in the window that is open
        std::chrono::nanoseconds left{0};  // of it
    };

    // Keeps no memory when the rate does not limit; then nothing may be counted.
    explicit rate_table(rate r, std::size_t entries = 65'536);

    [[nodiscard]] rate const& limit() const noexcept { return rate_; }
    [[nodiscard]] std::size_t bytes() const noexcept;  // of all places

    // How a key is made: with a secret of this table, so that nobody can choose two that meet.
    [[nodiscard]] std::uint64_t key_of(std::string_view name) const noexcept;

    // Counts `weight` more.
    tally add(std::uint64_t key, steady_time now, std::uint32_t weight = 1);
    // Counts nothing.
    [[nodiscard]] tally look(std::uint64_t key, steady_time now) const;

private:
    static constexpr std::size_t shard_count = 64;
    static constexpr std::size_t ways = 8;

    struct entry {
        std::uint64_t key = 0;
        steady_time began;
        std::uint32_t count = 0;  // 0: free
    };
    using entry_set = std::array<entry, ways>;
    struct alignas(64) shard {
        std::mutex mutex;
    };

    [[nodiscard]] std::size_t set_of(std::uint64_t key) const noexcept { return key % set_count_; }
    [[nodiscard]] bool open(entry const& e, steady_time now) const noexcept {
        return e.count != 0 && now - e.began < rate_.window;
    }

    rate rate_;
    std::array<std::uint64_t, 2> secret_{};
    std::size_t set_count_;
    std::unique_ptr<entry_set[]> sets_;
    mutable std::array<shard, shard_count> shards_;
};

}  // namespace pilothouse
