#include "index/channel_index.hpp"

#include "index/channel_slot.hpp"
#include "index/group_list.hpp"
#include "index/index_form.hpp"

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pilothouse::index {

namespace {

using slot_pointer = std::shared_ptr<channel_slot>;

struct channel_view {
    storage::project_id project;
    std::string_view name;
};

struct channel_key {
    storage::project_id project;
    std::string name;
    operator channel_view() const noexcept { return {project, name}; }
};

// Found by a view, so that looking up makes no string.
struct hash_channel {
    using is_transparent = void;
    std::size_t operator()(channel_view c) const noexcept {
        return std::hash<std::string_view>()(c.name) ^
               std::hash<storage::project_id>()(c.project) * 0x9E3779B97F4A7C15u;
    }
};
struct same_channel {
    using is_transparent = void;
    bool operator()(channel_view a, channel_view b) const noexcept {
        return a.project == b.project && a.name == b.name;
    }
};

}  // namespace

struct channel_index::state {
    explicit state(index_format f) : format(f) {}

    slot_pointer find(channel_view channel) const {
        std::shared_lock lock(mutex);
        auto const found = slots.find(channel);
        return found == slots.end() ? nullptr : found->second;
    }

    // The channel's slot, and whether it is new, which makes the caller its loader.
    std::pair<slot_pointer, bool> enter(channel_view channel) {
        std::unique_lock lock(mutex);
        channel_key key{channel.project, std::string(channel.name)};
        auto const [at, inserted] = slots.try_emplace(std::move(key));
        if (inserted) at->second = std::make_shared<channel_slot>();
        return {at->second, inserted};
    }

    // The next reader of the channel loads it anew.
    void drop(channel_view channel, slot_pointer const& slot) noexcept {
        {
            std::unique_lock lock(mutex);
            auto const found = slots.find(channel);
            if (found != slots.end() && found->second == slot) slots.erase(found);
        }
        slot->retire();
    }

    void drop_all_of(storage::project_id project) noexcept {
        std::unique_lock lock(mutex);
        std::erase_if(slots, [&](auto const& entry) {
            if (entry.first.project != project) return false;
            entry.second->retire();
            return true;
        });
    }

    task<std::shared_ptr<snapshot const>> load(channel_key key, slot_pointer slot,
                                               instant when_empty);

    index_format format;
    storage::catalogue* source = nullptr;
    mutable std::shared_mutex mutex;
    std::unordered_map<channel_key, slot_pointer, hash_channel, same_channel> slots;
};

// Null: begin anew, with a new slot.
task<std::shared_ptr<snapshot const>> channel_index::state::load(channel_key key, slot_pointer slot,
                                                                 instant when_empty) {
    // However this coroutine ends, destroyed at a shutdown included, those who wait hear of it.
    struct loader_duty {
        state& owner;
        channel_key const& key;
        slot_pointer const& slot;
        load_outcome outcome;
        ~loader_duty() {
            // Names of channels that are nowhere are the callers' invention: not to be kept.
            if (!outcome.made || outcome.made->generation() == 0) owner.drop(key, slot);
            slot->end_load(outcome);
        }
    } duty{*this, key, slot, {}};

    try {
        group_list_builder lines(format);
        auto const visit = [&](storage::index_row const& row) {
            std::string const text = entry_text(form_of(format), row.fragment);
            lines.add({row.chart, row.version, row.created, text});
        };
        auto const record = co_await source->scan(key.project, key.name, visit);
        auto loaded = std::make_shared<snapshot>(lines.finish(), record ? record->generation : 0,
                                                 record ? record->generated : when_empty);
        duty.outcome.made = slot->publish(std::move(loaded));
    } catch (...) {
        duty.outcome.thrown = std::current_exception();
        throw;
    }
    co_return duty.outcome.made;
}

channel_index::channel_index(index_format format) : state_(std::make_unique<state>(format)) {}
channel_index::~channel_index() = default;

void channel_index::read_from(storage::catalogue& source) { state_->source = &source; }

std::shared_ptr<index_snapshot const> channel_index::loaded(storage::project_id project,
                                                            std::string_view channel) const {
    auto const slot = state_->find({project, channel});
    return slot ? slot->ready() : nullptr;
}

task<std::shared_ptr<index_snapshot const>> channel_index::current(storage::project_id project,
                                                                   std::string channel,
                                                                   instant when_empty) {
    for (;;) {
        if (auto now = loaded(project, channel)) co_return now;
        auto [slot, is_new] = state_->enter({project, channel});
        load_outcome outcome;
        if (is_new) {
            channel_key key{project, channel};
            outcome.made = co_await state_->load(std::move(key), std::move(slot), when_empty);
        } else {
            outcome = co_await slot->wait();
        }
        if (outcome.thrown) std::rethrow_exception(outcome.thrown);
        if (outcome.made) co_return outcome.made;
    }
}

void channel_index::changed(storage::index_change const& change) noexcept {
    if (change.what == storage::index_change::kind::project_removed)
        return state_->drop_all_of(change.project);
    channel_view const channel{change.project, change.channel};
    auto const slot = state_->find(channel);
    if (!slot) return;
    bool follows = false;
    try {
        follows = slot->note(change);
    } catch (...) {
        // Out of memory, or a fragment that is not one: the next reader reads the catalogue, and
        // whoever waits for that answer learns what is wrong.
    }
    if (!follows) state_->drop(channel, slot);
}

channel_index::footprint channel_index::measure() const {
    footprint f;
    std::shared_lock lock(state_->mutex);
    for (auto const& [key, slot] : state_->slots) {
        auto const now = slot->ready();
        if (!now) continue;
        ++f.channels;
        f.bytes += now->identity_bytes();
    }
    return f;
}

}  // namespace pilothouse::index
