#include "storage/memory/memory_packages.hpp"
#include "storage/memory/memory_shelf.hpp"
#include "storage/publishing.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

using file_list = std::vector<package_file>;

// The version in one of the channels that hold it. Both live in the state.
struct held {
    memory_channel* channel;
    catalogue_entry const* entry;
};

std::vector<held> all_held(memory_state& state, package_key const& key) {
    std::vector<held> all;
    for (auto& [place, c] : state.channels) {
        if (place.first != key.project) continue;
        for (auto const& [file, entry] : c.by_file)
            if (entry.chart == key.chart && entry.version == key.version)
                all.push_back({&c, &entry});
    }
    return all;
}

package_record record_of(memory_state& state, package_key const& key, memory_package const& p) {
    auto const holders = all_held(state, key);
    bool const deprecated =
        std::ranges::all_of(holders, [](held const& h) { return h.entry->deprecated.has_value(); });
    return {p.id,         key.project, state.projects.at(key.project).path,
            key.chart,    key.version, p.created,
            p.created_by, deprecated};
}

std::optional<package_record> find_package(memory_state& state, project_id project, package_id id) {
    for (auto const& [key, p] : state.packages)
        if (key.project == project && p.id == id) return record_of(state, key, p);
    return std::nullopt;
}

package_key key_of(package_record const& p) { return {p.project, p.chart, p.version}; }

bool passes(package_filter const& filter, package_record const& p) {
    return std::ranges::find(filter.projects, p.project) != filter.projects.end() &&
           folded(p.chart).find(folded(filter.name_part)) != std::string::npos &&
           (!filter.chart || p.chart == *filter.chart) &&
           (!filter.version || p.version == *filter.version) &&
           (!filter.deprecated || p.deprecated == *filter.deprecated);
}

bool before(package_order by, package_record const& a, package_record const& b) {
    auto const decided = [&](auto const& x, auto const& y) { return x != y ? x < y : a.id < b.id; };
    switch (by) {
        case package_order::created: return decided(a.created, b.created);
        case package_order::name: return decided(a.chart, b.chart);
        case package_order::version: return decided(a.version, b.version);
        case package_order::project_path: return decided(a.project_path, b.project_path);
        case package_order::number: break;
    }
    return a.id < b.id;
}

}  // namespace

task<package_list> memory_packages::list(package_filter filter, package_range range) {
    std::lock_guard lock(state_.mutex);
    std::vector<package_record> all;
    for (auto const& [key, p] : state_.packages)
        if (auto record = record_of(state_, key, p); passes(filter, record))
            all.push_back(std::move(record));
    std::ranges::sort(all, [&](auto const& a, auto const& b) {
        return range.descending ? before(range.by, b, a) : before(range.by, a, b);
    });
    package_list found{{}, all.size()};
    for (auto& p : all | std::views::drop(range.skip) | std::views::take(range.count))
        found.packages.push_back(std::move(p));
    co_return found;
}

task<result<package_record>> memory_packages::find(project_id project, package_id id) {
    std::lock_guard lock(state_.mutex);
    auto found = find_package(state_, project, id);
    if (!found) co_return no_such_package();
    co_return std::move(*found);
}

task<result<package_record>> memory_packages::find(project_id project, std::string chart,
                                                   std::string version) {
    std::lock_guard lock(state_.mutex);
    auto const found = state_.packages.find({project, chart, version});
    if (found == state_.packages.end()) co_return no_such_package();
    co_return record_of(state_, found->first, found->second);
}

task<result<file_list>> memory_packages::files(project_id project, package_id id) {
    std::lock_guard lock(state_.mutex);
    auto const package = find_package(state_, project, id);
    if (!package) co_return no_such_package();
    file_list all;
    for (auto const& [channel, entry] : all_held(state_, key_of(*package)))
        add_files(all, id, channel->record.name, *entry);
    co_return all;
}

task<result<file_list>> memory_packages::remove(project_id project, package_id id) {
    std::lock_guard lock(state_.mutex);
    auto const package = find_package(state_, project, id);
    if (!package) co_return no_such_package();
    auto const holders = all_held(state_, key_of(*package));
    for (auto const& h : holders)
        if (auto const open = check_writable(h.channel->record); !open) co_return open.error();
    file_list gone;
    for (auto const& [channel, entry] : holders) {
        add_files(gone, id, channel->record.name, *entry);
        shelf(state_, *channel).erase(*entry);
    }
    co_return gone;
}

task<result<package_file>> memory_packages::remove_file(project_id project, package_id id,
                                                        package_file_id file) {
    std::lock_guard lock(state_.mutex);
    auto const package = find_package(state_, project, id);
    if (!package) co_return no_such_package();
    for (auto const& [channel, entry] : all_held(state_, key_of(*package))) {
        auto gone = file_with(id, channel->record.name, *entry, file);
        if (!gone) continue;
        if (auto const open = check_writable(channel->record); !open) co_return open.error();
        if (is_provenance(file))
            find_entry(*channel, entry->file_name)->provenance.reset();
        else
            shelf(state_, *channel).erase(*entry);
        co_return std::move(*gone);
    }
    co_return no_such_file();
}

task<result<version_place>> memory_packages::locate(version_id version) {
    std::lock_guard lock(state_.mutex);
    for (auto const& [place, c] : state_.channels)
        for (auto const& [file, entry] : c.by_file)
            if (entry.id == version) co_return version_place{place.first, place.second, file};
    co_return no_such_package();
}

}  // namespace pilothouse::storage::memory
