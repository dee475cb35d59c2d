// Port: releases, as they were last seen.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

// Helm's own nine (contracts: releases 1.2).
enum class release_status : std::uint8_t {
    unknown,
    deployed,
    uninstalled,
    superseded,
    failed,
    uninstalling,
    pending_install,
    pending_upgrade,
    pending_rollback,
};

// As Helm spells it: `pending-install`.
[[nodiscard]] std::string_view name_of(release_status status) noexcept;
[[nodiscard]] std::optional<release_status> release_status_named(std::string_view name) noexcept;
[[nodiscard]] constexpr bool is_pending(release_status s) noexcept {
    return s >= release_status::pending_install;
}

// A chart version of the catalogue, as it was when somebody named it.
struct release_source {
    std::string reference;  // as the caller named it; answered byte for byte
    std::string product;    // the chart in its project: release/product.hpp
    project_id project;     // may be gone by now
    std::string project_path, channel, chart, version;
    sha256_digest archive;  // its blob is kept as long as a release or an operation names it
};

struct release_record {
    std::string id;  // `r` and 19 of [a-z0-9], never given twice
    cluster_id cluster;
    std::string cluster_name;
    std::string name_space, name;
    release_source source;
    release_status status = release_status::unknown;
    int revision = 0;                // the newest that Helm has; 0: none
    std::string description;         // Helm's own words on that revision, redacted
    bool changed_elsewhere = false;  // the newest revision is not of an operation of ours
    bool stopped = false;            // its workloads were scaled to nothing, all or some
    instant created;                 // when its installation was asked for
    instant updated;
    std::optional<instant> seen;  // when Helm was last asked; empty: never
    std::optional<instant> gone;  // uninstalled; found by its id, and listed, no more
};

struct release_filter {
    std::optional<cluster_id> cluster;
    std::string name_space, name;                   // empty: any
    std::optional<std::vector<cluster_id>> within;  // of these alone, if any; empty: everywhere
};

// A place in the order of lists: by creation, then id. Empty id: before all.
struct release_place {
    instant created;
    std::string id;
};

// Thread-safe. Releases come with the operation that installs them (operation_log::begin), and go
// with the one that uninstalls them.
class release_store {
public:
    virtual ~release_store() = default;
    // errc::not_found: never there, or gone.
    [[nodiscard]] virtual task<result<release_record>> find(std::string id) = 0;
    // At most `count` after this place; those that are gone are not among them.
    [[nodiscard]] virtual task<std::vector<release_record>> list(release_filter filter,
                                                                 release_place after,
                                                                 std::size_t count) = 0;
    // What was seen of it: status, revision, description, changed_elsewhere, seen, gone, updated;
    // what else is changed is not kept. errc::not_found: never there, or gone; errc::busy: an
    // operation on it is not done, whose end will tell.
    [[nodiscard]] virtual task<result<release_record>> observe(
        std::string id, record_change<release_record> change) = 0;
};

}  // namespace pilothouse::storage
