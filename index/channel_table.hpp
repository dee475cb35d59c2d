// The slots of all channels that somebody asked for.
#pragma once

#include "index/channel_slot.hpp"
#include "storage/ids.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pilothouse::index {

using slot_pointer = std::shared_ptr<channel_slot>;

// Names a channel without owning its name.
struct channel_view {
    storage::project_id project;
    std::string_view name;
};

// Thread-safe. A slot that is dropped retires; its channel's next reader gets a new one.
class channel_table {
public:
    // Null where there is none. Makes no copy of the name.
    [[nodiscard]] slot_pointer find(channel_view channel) const;
    // The same for a reader, whose channel is then the last to make room. On the way of every read.
    [[nodiscard]] slot_pointer use(channel_view channel) const;
    // The channel's slot, and whether it is new, which makes the caller its loader.
    [[nodiscard]] std::pair<slot_pointer, bool> enter(channel_view channel);

    // Only this slot: one that took its place meanwhile stays.
    void drop(channel_view channel, slot_pointer const& slot) noexcept;
    void drop_all_of(storage::project_id project) noexcept;

    // Of the slots that are ready.
    [[nodiscard]] std::vector<std::shared_ptr<snapshot const>> snapshots() const;

    // Drops ready slots that were not used for longest until all others together, their views
    // included, take at most so many bytes; `spared` stays, and may be null. Time is counted in
    // calls of this: of those used since the last one any may go. Returns how many went; none where
    // another thread is at it.
    std::size_t trim(std::uint64_t bytes_max, slot_pointer const& spared);

private:
    struct key {
        storage::project_id project;
        std::string name;
        operator channel_view() const noexcept { return {project, name}; }
    };
    struct hash {
        using is_transparent = void;
        std::size_t operator()(channel_view c) const noexcept;
    };
    struct same {
        using is_transparent = void;
        bool operator()(channel_view a, channel_view b) const noexcept;
    };

    struct candidate {
        key channel;
        slot_pointer slot;
        std::uint64_t bytes;
    };
    [[nodiscard]] std::vector<candidate> candidates() const;

    std::mutex trimming_;
    std::atomic<std::uint64_t> now_ = 1;
    mutable std::shared_mutex mutex_;  // held for a look-up; writers are rare
    std::unordered_map<key, slot_pointer, hash, same> slots_;
};

}  // namespace pilothouse::index
