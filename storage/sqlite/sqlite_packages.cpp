#include "storage/sqlite/sqlite_packages.hpp"

#include "storage/publishing.hpp"
#include "storage/sqlite/catalogue_tables.hpp"
#include "storage/sqlite/channel_change.hpp"
#include "storage/sqlite/package_tables.hpp"

#include <optional>
#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

using file_list = std::vector<package_file>;

// The version in one of the channels that hold it.
struct held {
    channel_record channel;
    catalogue_entry entry;
};

std::optional<held> find_held(connection& c, package_record const& package,
                              std::string const& channel) {
    auto record = tables::find_channel(c, package.project, channel);
    if (!record) return std::nullopt;
    auto const file = file_name_of(package);
    auto entry = tables::find_entry(c, record->id, file);
    if (!entry) return std::nullopt;
    return held{std::move(*record), std::move(*entry)};
}

std::vector<held> all_held(connection& c, package_record const& package) {
    std::vector<held> all;
    for (auto const& channel : tables::channels_with(c, package))
        if (auto one = find_held(c, package, channel)) all.push_back(std::move(*one));
    return all;
}

}  // namespace

task<package_list> sqlite_packages::list(package_filter filter, package_range range) {
    co_return co_await db_.read(
        [&](connection& c) { return tables::list_packages(c, filter, range); });
}

task<result<package_record>> sqlite_packages::find(project_id project, package_id id) {
    co_return co_await db_.read([&](connection& c) -> result<package_record> {
        auto package = tables::find_package(c, project, id);
        if (!package) return no_such_package();
        return std::move(*package);
    });
}

task<result<package_record>> sqlite_packages::find(project_id project, std::string chart,
                                                   std::string version) {
    co_return co_await db_.read([&](connection& c) -> result<package_record> {
        auto package = tables::find_package(c, project, chart, version);
        if (!package) return no_such_package();
        return std::move(*package);
    });
}

task<result<file_list>> sqlite_packages::files(project_id project, package_id id) {
    co_return co_await db_.read([&](connection& c) -> result<file_list> {
        auto const package = tables::find_package(c, project, id);
        if (!package) return no_such_package();
        file_list all;
        for (auto const& [channel, entry] : all_held(c, *package))
            add_files(all, package->id, channel.name, entry);
        return all;
    });
}

task<result<file_list>> sqlite_packages::remove(project_id project, package_id id) {
    co_return co_await db_.write([&](transaction& t) -> result<file_list> {
        auto const package = tables::find_package(t.on(), project, id);
        if (!package) return no_such_package();
        return remove_within(t, *package);
    });
}

result<file_list> sqlite_packages::remove_within(transaction& t, package_record const& package) {
    file_list gone;
    for (auto& [channel, entry] : all_held(t.on(), package)) {
        if (auto const open = check_writable(channel); !open) return open.error();
        add_files(gone, package.id, channel.name, entry);
        channel_change change(t, std::move(channel), time_.now(), observer_);
        change.erase(entry);
        change.finish();
    }
    return gone;
}

task<result<package_file>> sqlite_packages::remove_file(project_id project, package_id id,
                                                        package_file_id file) {
    co_return co_await db_.write([&](transaction& t) -> result<package_file> {
        auto const package = tables::find_package(t.on(), project, id);
        if (!package) return no_such_package();
        return remove_file_within(t, *package, file);
    });
}

result<package_file> sqlite_packages::remove_file_within(transaction& t,
                                                         package_record const& package,
                                                         package_file_id file) {
    auto const name = tables::channel_with(t.on(), package, version_of(file));
    if (!name) return no_such_file();
    auto found = find_held(t.on(), package, *name);
    if (!found) return no_such_file();
    auto gone = file_with(package.id, *name, found->entry, file);
    if (!gone) return no_such_file();
    if (auto const open = check_writable(found->channel); !open) return open.error();
    if (is_provenance(file)) {
        tables::name_provenance(t.on(), found->entry.id, std::nullopt);
        return std::move(*gone);
    }
    channel_change change(t, std::move(found->channel), time_.now(), observer_);
    change.erase(found->entry);
    change.finish();
    return std::move(*gone);
}

task<result<version_place>> sqlite_packages::locate(version_id version) {
    co_return co_await db_.read([&](connection& c) -> result<version_place> {
        auto place = tables::place_of(c, version);
        if (!place) return no_such_package();
        return std::move(*place);
    });
}

}  // namespace pilothouse::storage::sqlite
