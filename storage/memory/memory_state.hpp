// What the memory adapters keep, together, under one lock.
#pragma once

#include "base/ascii.hpp"
#include "base/clock.hpp"
#include "storage/audit_log.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"
#include "storage/directory.hpp"
#include "storage/package_store.hpp"
#include "storage/token_store.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::storage::memory {

struct memory_channel {
    channel_record record;
    std::map<std::string, catalogue_entry> by_file;
    std::map<std::string, int> charts;  // how many versions each has
};

// A version of a chart in a project: what names a package besides its number.
struct package_key {
    project_id project;
    std::string chart, version;
    friend auto operator<=>(package_key const&, package_key const&) = default;
};

// Path and deprecation are told when somebody looks.
struct memory_package {
    package_id id;
    instant created;
    std::int64_t created_by = 0;
};

struct memory_blob {
    std::shared_ptr<blob const> content;
    instant stored;
};

// Observers are told under the lock: that gives them the order of the changes.
struct memory_state {
    memory_state(clock const& c, catalogue_observer* oc, directory_observer* od)
        : time(c), on_catalogue(oc), on_directory(od) {}

    clock const& time;
    catalogue_observer* on_catalogue;
    directory_observer* on_directory;

    std::mutex mutex;
    std::int64_t last_id = 0;
    std::map<project_id, project_record> projects;
    std::map<user_id, user_record> users;
    std::map<group_id, group_record> groups;
    std::map<std::pair<place_id, user_id>, membership> members;
    std::vector<audit_event> events;
    std::map<token_id, token_record> tokens;
    std::map<std::string, std::string> settings;
    std::map<std::pair<project_id, std::string>, memory_channel> channels;
    std::map<package_key, memory_package> packages;
    std::map<sha256_digest, memory_blob> blobs;

    void tell_directory() const {
        if (on_directory != nullptr) on_directory->directory_changed();
    }
};

// The bots that hold the access tokens of a place, with those tokens. The lock is held.
void drop_bots(memory_state& state, place_id const& where);

// Compared as the database compares paths and user names: ASCII letters without regard to case.
[[nodiscard]] inline std::string folded(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = ascii::lower(c);
    return lower;
}

}  // namespace pilothouse::storage::memory
