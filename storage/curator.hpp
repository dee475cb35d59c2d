// Port: changes of versions that are published already, many in one transaction.
#pragma once

#include "storage/catalogue.hpp"

#include <functional>
#include <string>
#include <vector>

namespace pilothouse::storage {

// A version as somebody looked at it: when another archive has its name by now, it is not the one
// that was meant.
struct version_state {
    std::string file_name;
    sha256_digest archive;
};

struct copy_request {
    struct item {
        version_state version;
        on_duplicate rule = on_duplicate::refuse;
    };
    project_id from;
    std::string from_channel;
    project_id to;
    std::string to_channel;
    std::vector<item> items;
    promotion how;      // for the new rows
    bool move = false;  // takes the versions out of where they came from
    // What the target's webhooks are told in the same transaction, unless nothing changed; called
    // only where one wants that, on the store's own writing thread: be quick.
    std::function<announcement(std::vector<added> const&)> announce = {};
};

enum class mark_kind : std::uint8_t { deprecated, yanked };

// A mark that one version is to have, or to lose.
struct marking {
    version_state version;
    mark_kind what = mark_kind::deprecated;
    std::optional<mark> wanted;  // empty: to lose it
    std::string line;            // of a deprecated version: its line in the index
};

// Each call is wholly done or not at all. Thread-safe; durable, and the observer told of each
// change in the order of the items, when the awaited call returns.
//
// errc::not_found: a version is gone; errc::conflict: one was replaced since somebody looked.
class curator {
public:
    virtual ~curator() = default;

    // Puts the versions into another channel, and makes it if need be: the same archives and
    // provenance, the same lines of the index, the same deprecations. Each is decided as
    // catalogue::add decides. errc::conflict names every version that cannot be copied, yanked ones
    // among them; errc::denied: a channel is read-only; errc::not_found: a project or version is
    // gone; errc::quota_full: the project would hold more than it may.
    [[nodiscard]] virtual task<result<std::vector<added>>> copy(copy_request request) = 0;

    // Sets or takes marks. A version that has the mark with the same reason, or has none to lose,
    // stays as it is. What a yanked version's line says does not matter to the index until it
    // comes back. Returns the versions as they now stand.
    [[nodiscard]] virtual task<result<std::vector<catalogue_entry>>> mark(
        project_id project, std::string channel, std::vector<marking> markings) = 0;

    // Removes these versions; those that are gone, or replaced, are passed over. Returns what was
    // removed, without fragments. errc::denied: the channel is read-only.
    [[nodiscard]] virtual task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::vector<version_state> versions) = 0;
};

}  // namespace pilothouse::storage
