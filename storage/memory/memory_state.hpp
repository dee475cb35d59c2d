// What the memory adapters keep, together, under one lock.
#pragma once

#include "base/ascii.hpp"
#include "base/clock.hpp"
#include "storage/audit_log.hpp"
#include "storage/blob_store.hpp"
#include "storage/catalogue.hpp"
#include "storage/cluster_store.hpp"
#include "storage/directory.hpp"
#include "storage/environment_store.hpp"
#include "storage/operation_log.hpp"
#include "storage/package_store.hpp"
#include "storage/release_store.hpp"
#include "storage/service_store.hpp"
#include "storage/token_store.hpp"
#include "storage/webhook_store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
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

struct memory_cluster {
    cluster_record record;
    std::int64_t turn = 0;  // the higher, the later an operation began here
};

// The names of cluster and user are told when somebody looks.
struct memory_operation {
    operation_record record;
    release_status status_before = release_status::unknown;  // of the release
    std::string sealed_values;
    std::vector<operation_event> events;
};

struct memory_key {
    sha256_digest request;
    std::int64_t operation = 0;
    instant created;
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
    std::map<cluster_id, memory_cluster> clusters;
    std::map<std::pair<cluster_id, user_id>, role> cluster_members;
    std::map<std::string, release_record> releases;       // by id
    std::map<std::int64_t, memory_operation> operations;  // in the order of asking
    std::map<std::tuple<std::string, std::string, std::string>, memory_key> keys;
    // The path of the project is told when somebody looks.
    std::map<environment_id, environment_record> environments;
    std::map<service_id, service_record> services;
    std::map<std::int64_t, deployment_record> deployments;  // in the order of asking

    std::map<webhook_id, webhook_record> webhooks;
    std::map<std::int64_t, delivery_record> deliveries;  // by number

    void tell_directory() const {
        if (on_directory != nullptr) on_directory->directory_changed();
    }
};

// What a place owned belongs to nobody. The lock is held.
void disown_clusters(memory_state& state, place_id const& where);

// With their services. The lock is held.
void drop_environments(memory_state& state, project_id project);
void drop_environments(memory_state& state, cluster_id cluster);

// With its deployments. The lock is held.
void drop_service(memory_state& state, service_id id);

// The bots that hold the access tokens of a place, with those tokens. The lock is held.
void drop_bots(memory_state& state, place_id const& where);

// The deliveries of what is told in the same breath; `make` is called where a webhook wants it. The
// lock is held, here and below.
void announce(memory_state& state, project_id project, occasion what,
              std::function<announcement()> const& make);
void announce_end(memory_state& state, operation_record const& ended,
                  release_record const& release);
void drop_webhooks(memory_state& state, project_id project);

// Compared as the database compares paths and user names: ASCII letters without regard to case.
[[nodiscard]] inline std::string folded(std::string_view text) {
    std::string lower(text);
    for (char& c : lower) c = ascii::lower(c);
    return lower;
}

}  // namespace pilothouse::storage::memory
