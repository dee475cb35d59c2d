#include "base/rate_table.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace pilothouse {

namespace {

// splitmix64's last step: every bit of the input moves every bit of the result.
std::uint64_t mixed(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

}  // namespace

rate_table::rate_table(rate r, std::size_t entries)
    : rate_(r), set_count_(std::max<std::size_t>(1, entries / ways)) {
    if (!rate_.limits()) return;
    auto const bytes = random_bytes(sizeof secret_);
    std::memcpy(secret_.data(), bytes.data(), sizeof secret_);
    sets_ = std::make_unique<entry_set[]>(set_count_);
}

std::size_t rate_table::bytes() const noexcept {
    return sets_ == nullptr ? 0 : set_count_ * sizeof(entry_set);
}

std::uint64_t rate_table::key_of(std::string_view name) const noexcept {
    std::uint64_t h = mixed(secret_[0] ^ name.size());
    while (!name.empty()) {
        std::uint64_t word = 0;
        auto const taken = std::min(name.size(), sizeof word);
        std::memcpy(&word, name.data(), taken);
        h = mixed(h ^ word) + secret_[1];
        name.remove_prefix(taken);
    }
    return mixed(h);
}

rate_table::tally rate_table::add(std::uint64_t key, steady_time now, std::uint32_t weight) {
    auto const at = set_of(key);
    std::lock_guard const lock(shards_[at % shard_count].mutex);
    auto& places = sets_[at];
    auto mine = std::ranges::find_if(
        places, [key](entry const& e) { return e.count != 0 && e.key == key; });
    if (mine == places.end()) {
        // A free place has the earliest time of all.
        mine = std::ranges::min_element(
            places, {}, [](entry const& e) { return e.count == 0 ? steady_time::min() : e.began; });
        *mine = {};
    }
    if (!open(*mine, now)) *mine = {key, now, 0};
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    mine->count = mine->count > most - weight ? most : mine->count + weight;
    return {mine->count, mine->began + rate_.window - now};
}

rate_table::tally rate_table::look(std::uint64_t key, steady_time now) const {
    auto const at = set_of(key);
    std::lock_guard const lock(shards_[at % shard_count].mutex);
    for (auto const& e : sets_[at])
        if (e.key == key && open(e, now)) return {e.count, e.began + rate_.window - now};
    return {};
}

}  // namespace pilothouse
