#include "index/channel_index.hpp"

#include "index/channel_table.hpp"
#include "index/group_list.hpp"
#include "index/index_form.hpp"
#include "index/snapshot.hpp"

#include <exception>
#include <utility>

namespace pilothouse::index {

struct channel_index::state {
    explicit state(index_format f) : format(f) {}

    task<std::shared_ptr<snapshot const>> load(storage::project_id project, std::string name,
                                               slot_pointer slot, instant when_empty);

    index_format format;
    storage::catalogue* source = nullptr;
    channel_table channels;
};

// Loads a new slot. Null: begin anew, with another.
task<std::shared_ptr<snapshot const>> channel_index::state::load(storage::project_id project,
                                                                 std::string name,
                                                                 slot_pointer slot,
                                                                 instant when_empty) {
    // However this coroutine ends, destroyed at a shutdown included, those who wait hear of it.
    struct loader_duty {
        channel_table& channels;
        channel_view channel;
        slot_pointer const& slot;
        load_outcome outcome;
        ~loader_duty() {
            // Names of channels that are nowhere are the callers' invention: not to be kept.
            if (!outcome.made || outcome.made->generation() == 0) channels.drop(channel, slot);
            slot->end_load(outcome);
        }
    } duty{channels, {project, name}, slot, {}};

    try {
        group_list_builder lines(format);
        auto const visit = [&](storage::index_row const& row) {
            std::string const text = entry_text(form_of(format), row.fragment);
            lines.add({row.chart, row.version, row.created, text});
        };
        auto const record = co_await source->scan(project, name, visit);
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
    auto const slot = state_->channels.find({project, channel});
    return slot ? slot->ready() : nullptr;
}

task<std::shared_ptr<index_snapshot const>> channel_index::current(storage::project_id project,
                                                                   std::string channel,
                                                                   instant when_empty) {
    for (;;) {
        if (auto now = loaded(project, channel)) co_return now;
        auto [slot, is_new] = state_->channels.enter({project, channel});
        load_outcome outcome;
        if (is_new) {
            outcome.made = co_await state_->load(project, channel, std::move(slot), when_empty);
        } else {
            outcome = co_await slot->wait();
        }
        if (outcome.thrown) std::rethrow_exception(outcome.thrown);
        if (outcome.made) co_return outcome.made;
    }
}

void channel_index::changed(storage::index_change const& change) noexcept {
    if (change.what == storage::index_change::kind::project_removed)
        return state_->channels.drop_all_of(change.project);
    channel_view const channel{change.project, change.channel};
    auto const slot = state_->channels.find(channel);
    if (!slot) return;
    bool follows = false;
    try {
        follows = slot->note(change);
    } catch (...) {
        // Out of memory, or a fragment that is not one: the next reader reads the catalogue, and
        // whoever waits for that answer learns what is wrong.
    }
    if (!follows) state_->channels.drop(channel, slot);
}

channel_index::footprint channel_index::measure() const {
    footprint f;
    for (auto const& now : state_->channels.snapshots()) {
        ++f.channels;
        f.bytes += now->identity_bytes();
    }
    return f;
}

}  // namespace pilothouse::index
