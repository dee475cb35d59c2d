// Port: the versions that a project holds, each once whatever channels it is in. GitLab calls that
// a package.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage {

// There as long as one channel of the project holds the version, yanked or not.
struct package_record {
    package_id id;  // one that went never names another, not even the same version come again
    project_id project;
    std::string project_path;
    std::string chart, version;
    instant created;              // of the first file
    std::int64_t created_by = 0;  // user id; 0: not a user
    bool deprecated = false;      // in every channel that holds it
};

// An archive in one channel, or its provenance.
struct package_file {
    package_file_id id;  // stays when other content takes its place
    package_id package;
    std::string channel;
    std::string name;
    sha256_digest digest;
    std::optional<std::uint64_t> size_bytes;  // of an archive; the catalogue knows no other
    instant created;                          // when the version came to the channel
};

// The number of a file is made from that of the version in its channel.
[[nodiscard]] constexpr package_file_id file_number(version_id version, bool provenance) noexcept {
    return {version.value * 2 + (provenance ? 1 : 0)};
}
[[nodiscard]] constexpr version_id version_of(package_file_id file) noexcept {
    return {file.value / 2};
}
[[nodiscard]] constexpr bool is_provenance(package_file_id file) noexcept {
    return file.value % 2 != 0;
}

// Where a version lies.
struct version_place {
    project_id project;
    std::string channel, file_name;
};

struct package_filter {
    std::vector<project_id> projects;           // of these alone
    std::string name_part;                      // ASCII letters without regard to case; empty: any
    std::optional<std::string> chart, version;  // exactly
    std::optional<bool> deprecated;
};

enum class package_order : std::uint8_t { created, name, version, project_path, number };

// Texts bytewise; what is equal by number, in the same direction.
struct package_range {
    package_order by = package_order::created;
    bool descending = false;
    std::size_t skip = 0, count = 20;
};

struct package_list {
    std::vector<package_record> packages;
    std::size_t total = 0;  // that pass the filter
};

// Thread-safe. Packages come and go with the versions that the catalogue and the curator add, copy
// and remove, in the same transactions. Changes are durable, and the catalogue's observer told,
// when the awaited call returns.
class package_store {
public:
    virtual ~package_store() = default;

    [[nodiscard]] virtual task<package_list> list(package_filter filter, package_range range) = 0;
    // errc::not_found: not in this project.
    [[nodiscard]] virtual task<result<package_record>> find(project_id project, package_id id) = 0;
    [[nodiscard]] virtual task<result<package_record>> find(project_id project, std::string chart,
                                                            std::string version) = 0;
    // By channel, each archive before its provenance. errc::not_found.
    [[nodiscard]] virtual task<result<std::vector<package_file>>> files(project_id project,
                                                                        package_id id) = 0;
    // Takes the version out of every channel, or out of none; returns the files that went.
    // errc::not_found; errc::denied: one of the channels is read-only.
    [[nodiscard]] virtual task<result<std::vector<package_file>>> remove(project_id project,
                                                                         package_id id) = 0;
    // An archive goes with its provenance, and takes the version out of its channel; the package
    // goes with its last one. Provenance goes alone. errc as above.
    [[nodiscard]] virtual task<result<package_file>> remove_file(project_id project, package_id id,
                                                                 package_file_id file) = 0;
    // Yanked or not. errc::not_found.
    [[nodiscard]] virtual task<result<version_place>> locate(version_id version) = 0;
};

}  // namespace pilothouse::storage
