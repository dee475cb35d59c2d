#include "storage/sqlite/channel_change.hpp"

#include "storage/sqlite/catalogue_tables.hpp"
#include "storage/sqlite/package_tables.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse::storage::sqlite {

using kind = index_change::kind;

channel_change::channel_change(transaction& t, channel_record channel, instant now,
                               catalogue_observer* observer)
    : transaction_(t), channel_(std::move(channel)), now_(now), observer_(observer) {}

// Whether a chart is new, or gone, is asked once a chart, not once a version.
void channel_change::touch(std::string const& chart) {
    if (held_before_.contains(chart)) return;
    held_before_[chart] = tables::holds_chart(transaction_.on(), channel_.id, chart);
}

void channel_change::insert(catalogue_entry& entry) {
    touch(entry.chart);
    entry.id = tables::insert_entry(transaction_.on(), channel_.id, entry);
    tables::enter_package(transaction_.on(), channel_.project, entry, now_);
    ++channel_.versions;
    count_in(entry);
}

void channel_change::replace(catalogue_entry const& published, catalogue_entry& entry) {
    entry.id = published.id;
    tables::replace_entry(transaction_.on(), entry);
    channel_.size_bytes -= published.size_bytes;
    count_in(entry);
}

void channel_change::count_in(catalogue_entry const& entry) {
    channel_.size_bytes += entry.size_bytes;
    channel_.last_push = now_;
    if (!entry.yanked) note(kind::put, entry);
}

void channel_change::remark(catalogue_entry const& before, catalogue_entry const& after) {
    tables::save_marks(transaction_.on(), after);
    if (!after.yanked) return note(kind::put, after);
    if (!before.yanked) note(kind::removed, after);
}

void channel_change::erase(catalogue_entry const& entry) {
    touch(entry.chart);
    tables::delete_entry(transaction_.on(), entry.id);
    tables::leave_package(transaction_.on(), channel_.project, entry);
    --channel_.versions;
    channel_.size_bytes -= entry.size_bytes;
    if (!entry.yanked) note(kind::removed, entry);
}

void channel_change::reconfigure(channel_settings settings) {
    bool const other_form = settings.index_format != channel_.settings.index_format;
    channel_.settings = std::move(settings);
    tables::save_settings(transaction_.on(), channel_);
    if (other_form) note(kind::reformatted, {});
}

// Each change is one generation, and later than the one before: the clock may go back or stand
// still, a channel's time of change does not.
void channel_change::note(kind what, catalogue_entry const& entry) {
    ++channel_.generation;
    channel_.generated = std::max(channel_.generated + std::chrono::nanoseconds(1), now_);
    if (observer_ == nullptr) return;
    bool const put = what == kind::put;
    news_.push_back({what, channel_.generation, channel_.generated, entry.chart, entry.version,
                     put ? entry.created : instant(), put ? entry.line() : std::string()});
}

void channel_change::finish() {
    for (auto const& [chart, held] : held_before_) {
        bool const holds = tables::holds_chart(transaction_.on(), channel_.id, chart);
        channel_.charts += static_cast<int>(holds) - static_cast<int>(held);
    }
    tables::save_sums(transaction_.on(), channel_);
    if (news_.empty()) return;
    transaction_.after_commit([observer = observer_, project = channel_.project,
                               name = channel_.name, all = std::move(news_)] {
        for (auto const& n : all)
            observer->changed({n.what, project, name, n.generation, n.generated, n.chart, n.version,
                               n.created, n.line, &n != &all.back()});
    });
}

}  // namespace pilothouse::storage::sqlite
