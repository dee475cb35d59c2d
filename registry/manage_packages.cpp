#include "registry/manage_packages.hpp"

#include "registry/manage_protections.hpp"
#include "storage/publishing.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace pilothouse::registry {

namespace {

using auth::permission;
using storage::package_file;
using storage::package_list;
using storage::package_record;

auth::audited thing(package_record const& p) {
    return {"Packages::Package", p.id.value, p.chart + " " + p.version};
}

std::string channels_of(std::vector<package_file> const& files) {
    std::string names;
    for (auto const& file : files) {
        if (storage::is_provenance(file.id)) continue;
        names += (names.empty() ? "out of " : ", ") + file.channel;
    }
    return names;
}

}  // namespace

task<package_list> manage_packages::list(auth::grant const& g, storage::package_filter filter,
                                         storage::package_range range) {
    g.expect({permission::read_chart});
    filter.projects = {g.project().id};
    co_return co_await packages_.list(std::move(filter), range);
}

task<package_list> manage_packages::list_in_group(auth::grant const& g, auth::grant const& looking,
                                                  bool below, storage::package_filter filter,
                                                  storage::package_range range) {
    g.expect({permission::read_group});
    auto const here = g.group().id;
    filter.projects.clear();
    for (auto const& [place, role, member] : co_await places_.projects(looking)) {
        auto const& around = place.groups;
        bool const lies_here = below ? std::ranges::find(around, here) != around.end()
                                     : !around.empty() && around.back() == here;
        if (lies_here && place.packages_enabled) filter.projects.push_back(place.id);
    }
    co_return co_await packages_.list(std::move(filter), range);
}

task<result<package_record>> manage_packages::find(auth::grant const& g, storage::package_id id) {
    g.expect({permission::read_chart});
    co_return co_await packages_.find(g.project().id, id);
}

task<result<package_record>> manage_packages::find(auth::grant const& g, std::string chart,
                                                   std::string version) {
    g.expect({permission::read_chart});
    co_return co_await packages_.find(g.project().id, std::move(chart), std::move(version));
}

// A file that is named and not there is no "not found": the house is broken.
task<std::shared_ptr<storage::blob const>> manage_packages::open(package_file const& file) {
    auto blob = co_await blobs_.open(file.digest);
    if (!blob)
        throw std::runtime_error("the blob of " + file.name + " is missing: " + file.digest.hex());
    co_return std::move(*blob);
}

task<result<std::vector<package_file>>> manage_packages::files(auth::grant const& g,
                                                               storage::package_id id) {
    g.expect({permission::read_chart});
    PILOTHOUSE_CO_TRY(auto files, co_await packages_.files(g.project().id, id));
    for (auto& file : files) {
        if (file.size_bytes) continue;
        auto const blob = co_await open(file);
        file.size_bytes = blob->size_bytes;
    }
    co_return files;
}

task<result<manage_packages::opened>> manage_packages::open_file(auth::grant const& g,
                                                                 storage::package_id id,
                                                                 storage::package_file_id file) {
    g.expect({permission::read_chart});
    PILOTHOUSE_CO_TRY(auto const files, co_await packages_.files(g.project().id, id));
    auto const found = std::ranges::find(files, file, &package_file::id);
    if (found == files.end()) co_return storage::no_such_file();
    opened one{*found, nullptr};
    one.content = co_await open(one.file);
    co_return one;
}

task<result<package_record>> manage_packages::removable(auth::grant const& g,
                                                        storage::package_id id) {
    g.expect({permission::remove_chart});
    PILOTHOUSE_CO_TRY(auto package, co_await packages_.find(g.project().id, id));
    if (auto const good = check_removal(g, package.chart); !good) co_return good.error();
    co_return package;
}

// The number names the same version however long ago it was looked at.
task<result<void>> manage_packages::remove(auth::grant const& g, storage::package_id id) {
    PILOTHOUSE_CO_TRY(auto const package, co_await removable(g, id));
    auto const gone = co_await packages_.remove(g.project().id, id);
    if (!gone) co_return gone.error();
    co_await audit_.note(g, "chart_removed", thing(package), channels_of(*gone));
    co_return result<void>();
}

task<result<void>> manage_packages::remove_file(auth::grant const& g, storage::package_id id,
                                                storage::package_file_id file) {
    PILOTHOUSE_CO_TRY(auto const package, co_await removable(g, id));
    auto const gone = co_await packages_.remove_file(g.project().id, id, file);
    if (!gone) co_return gone.error();
    auto const what = storage::is_provenance(file) ? "provenance_removed" : "chart_removed";
    co_await audit_.note(g, what, thing(package), "out of " + gone->channel);
    co_return result<void>();
}

}  // namespace pilothouse::registry
