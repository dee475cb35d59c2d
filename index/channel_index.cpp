#include "index/channel_index.hpp"

#include "index/channel_table.hpp"
#include "index/group_list.hpp"
#include "index/index_form.hpp"
#include "index/snapshot.hpp"

#include <atomic>
#include <exception>
#include <optional>
#include <utility>

namespace pilothouse::index {

namespace {

constexpr std::uint64_t changes_between_trims = 256;

index_format format_of(std::optional<storage::channel_record> const& channel,
                       index_format otherwise) noexcept {
    switch (channel ? channel->settings.index_format : storage::index_choice::inherit) {
        case storage::index_choice::inherit: return otherwise;
        case storage::index_choice::json: return index_format::json;
        case storage::index_choice::yaml: return index_format::yaml;
    }
    return otherwise;
}

}  // namespace

struct channel_index::state {
    state(index_format f, std::uint64_t b) : format(f), bytes_max(b) {}

    task<std::shared_ptr<snapshot const>> load(storage::project_id project, std::string name,
                                               slot_pointer slot, instant when_empty);
    task<std::shared_ptr<snapshot const>> current(storage::project_id project, std::string channel,
                                                  instant when_empty);
    [[nodiscard]] std::shared_ptr<snapshot const> loaded(channel_view channel) const {
        auto const slot = channels.use(channel);
        return slot ? slot->ready() : nullptr;
    }
    void trim(slot_pointer const& spared) {
        if (bytes_max != no_bound) dropped += channels.trim(bytes_max, spared);
    }

    index_format format;
    std::uint64_t bytes_max;
    std::atomic<std::uint64_t> dropped = 0, changes = 0;
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
        // What the channel itself says of its form comes with its rows, once they are rendered: a
        // channel that says something else than the server is read again, once.
        auto written = format;
        for (bool as_wanted = false; !as_wanted;) {
            group_list_builder lines(written);
            auto const visit = [&](storage::index_row const& row) {
                std::string const text = entry_text(form_of(written), row.fragment);
                lines.add({row.chart, row.version, row.created, text});
            };
            auto const record = co_await source->scan(project, name, visit);
            auto const wanted = format_of(record, format);
            as_wanted = std::exchange(written, wanted) == wanted;
            if (!as_wanted) continue;
            auto loaded =
                std::make_shared<snapshot>(lines.finish(), record ? record->generation : 0,
                                           record ? record->generated : when_empty);
            duty.outcome.made = slot->publish(std::move(loaded));
        }
        trim(slot);
    } catch (...) {
        duty.outcome.thrown = std::current_exception();
        throw;
    }
    co_return duty.outcome.made;
}

channel_index::channel_index(index_format format, std::uint64_t bytes_max)
    : state_(std::make_unique<state>(format, bytes_max)) {}
channel_index::~channel_index() = default;

void channel_index::read_from(storage::catalogue& source) { state_->source = &source; }

std::shared_ptr<index_snapshot const> channel_index::loaded(storage::project_id project,
                                                            std::string_view channel) const {
    return state_->loaded({project, channel});
}

task<std::shared_ptr<index_snapshot const>> channel_index::current(storage::project_id project,
                                                                   std::string channel,
                                                                   instant when_empty) {
    auto now = co_await state_->current(project, std::move(channel), when_empty);
    co_return now;
}

task<result<std::shared_ptr<index_snapshot const>>> channel_index::view(storage::project_id project,
                                                                        std::string channel,
                                                                        instant when_empty, lens l,
                                                                        blocking_pool& pool) {
    auto const whole = co_await state_->current(project, channel, when_empty);
    auto const before = whole->views().bytes;
    PILOTHOUSE_CO_TRY(auto seen, co_await whole->through(std::move(l), pool));
    if (whole->views().bytes > before) state_->trim(state_->channels.find({project, channel}));
    co_return seen;
}

task<std::shared_ptr<snapshot const>> channel_index::state::current(storage::project_id project,
                                                                    std::string channel,
                                                                    instant when_empty) {
    for (;;) {
        if (auto now = loaded({project, channel})) co_return now;
        auto [slot, is_new] = channels.enter({project, channel});
        load_outcome outcome;
        if (is_new) {
            outcome.made = co_await load(project, channel, std::move(slot), when_empty);
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
        // In another form nothing of what is loaded can stay.
        if (change.what != storage::index_change::kind::reformatted) follows = slot->note(change);
    } catch (...) {
        // Out of memory, or a fragment that is not one: the next reader reads the catalogue, and
        // whoever waits for that answer learns what is wrong.
    }
    if (!follows) state_->channels.drop(channel, slot);
    if (++state_->changes % changes_between_trims != 0) return;
    try {
        state_->trim(slot);
    } catch (...) {
        // Out of memory: the next load tries again.
    }
}

channel_index::footprint channel_index::measure() const {
    footprint f;
    for (auto const& now : state_->channels.snapshots()) {
        ++f.channels;
        auto const views = now->views();
        f.views += views.views;
        f.bytes += now->identity_bytes() + views.bytes;
    }
    f.dropped = state_->dropped;
    return f;
}

}  // namespace pilothouse::index
