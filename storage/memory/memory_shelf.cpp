#include "storage/memory/memory_shelf.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse::storage::memory {

using kind = index_change::kind;

memory_channel* find_channel(memory_state& state, project_id project, std::string const& name) {
    auto const found = state.channels.find({project, name});
    return found == state.channels.end() ? nullptr : &found->second;
}

memory_channel& make_channel(memory_state& state, project_id project, std::string const& name) {
    auto& c = state.channels[{project, name}];
    if (c.record.id.value == 0) {
        c.record.id = {++state.last_id};
        c.record.project = project;
        c.record.name = name;
    }
    return c;
}

catalogue_entry* find_entry(memory_channel& channel, std::string const& file_name) {
    auto const found = channel.by_file.find(file_name);
    return found == channel.by_file.end() ? nullptr : &found->second;
}

catalogue_entry without_fragment(catalogue_entry entry) {
    entry.fragment.clear();
    entry.deprecated_fragment.clear();
    return entry;
}

void shelf::insert(catalogue_entry& entry) {
    entry.id = {++state_.last_id};
    ++channel_.record.versions;
    if (++channel_.charts[entry.chart] == 1) ++channel_.record.charts;
    enter_package(entry);
    put(entry);
}

void shelf::replace(catalogue_entry const& published, catalogue_entry& entry) {
    entry.id = published.id;
    channel_.record.size_bytes -= published.size_bytes;
    put(entry);
}

void shelf::put(catalogue_entry const& entry) {
    channel_.record.size_bytes += entry.size_bytes;
    channel_.record.last_push = state_.time.now();
    channel_.by_file.insert_or_assign(entry.file_name, entry);
    if (!entry.yanked) note(kind::put, entry);
}

void shelf::remark(catalogue_entry& published, catalogue_entry const& after) {
    bool const was_yanked = published.yanked.has_value();
    published = after;
    if (!after.yanked) return note(kind::put, after);
    if (!was_yanked) note(kind::removed, after);
}

void shelf::erase(catalogue_entry entry) {
    channel_.by_file.erase(entry.file_name);
    --channel_.record.versions;
    channel_.record.size_bytes -= entry.size_bytes;
    if (--channel_.charts[entry.chart] == 0) --channel_.record.charts;
    leave_package(entry);
    if (!entry.yanked) note(kind::removed, entry);
}

// As the database does; see storage/sqlite/package_tables.
void shelf::enter_package(catalogue_entry const& entry) {
    auto& p = state_.packages[{channel_.record.project, entry.chart, entry.version}];
    if (p.id.value != 0) return;
    p.id = {++state_.last_id};
    p.created = entry.promoted ? state_.time.now() : entry.created;
    p.created_by = entry.promoted ? entry.promoted->by : entry.created_by;
}

void shelf::leave_package(catalogue_entry const& entry) {
    for (auto const& [key, c] : state_.channels) {
        if (key.first != channel_.record.project) continue;
        auto const found = c.by_file.find(entry.file_name);
        if (found != c.by_file.end() && found->second.chart == entry.chart) return;
    }
    state_.packages.erase({channel_.record.project, entry.chart, entry.version});
}

void shelf::reconfigure(channel_settings settings) {
    bool const other_form = settings.index_format != channel_.record.settings.index_format;
    channel_.record.settings = std::move(settings);
    if (other_form) note(kind::reformatted, {});
}

void shelf::note(kind what, catalogue_entry const& entry) {
    auto& r = channel_.record;
    ++r.generation;
    r.generated = std::max(r.generated + std::chrono::nanoseconds(1), state_.time.now());
    if (state_.on_catalogue == nullptr) return;
    bool const put = what == kind::put;
    news_.push_back({what, r.generation, r.generated, entry.chart, entry.version,
                     put ? entry.created : instant(), put ? entry.line() : std::string()});
}

shelf::~shelf() {
    auto const& r = channel_.record;
    for (auto const& n : news_)
        state_.on_catalogue->changed({n.what, r.project, r.name, n.generation, n.generated, n.chart,
                                      n.version, n.created, n.line, &n != &news_.back()});
}

}  // namespace pilothouse::storage::memory
