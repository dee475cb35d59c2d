// Clusters: registered, looked at, changed, removed; and who may use them.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/sealed_texts.hpp"
#include "base/task.hpp"
#include "release/cluster_rules.hpp"
#include "release/inspector.hpp"
#include "release/release_parts.hpp"
#include "storage/cluster_store.hpp"

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::release {

struct new_cluster {
    std::string name;
    secret kubeconfig;
    std::string context;                  // empty: the current one
    std::vector<std::string> namespaces;  // storage::cluster_record
};

// Thread-safe.
class manage_clusters {
public:
    manage_clusters(release_parts const& parts, storage::cluster_member_store& members,
                    inspector& looks, cluster_rules rules, key_ring& keys)
        : parts_(parts), members_(members), looks_(looks), rules_(rules), keys_(keys) {}

    // Something else that is sealed with the keys, and lives as long as this. Before any other
    // call.
    void also_sealed(sealed_texts& others) { others_.push_back(&others); }

    // Of the place that the grant is for: own_project, own_group; administer makes a shared one.
    // errc::conflict: the name is taken; errc::invalid_argument: name, kubeconfig, namespaces;
    // errc::denied: only administrators register clusters.
    [[nodiscard]] task<result<storage::cluster_record>> add(auth::grant const& g,
                                                            new_cluster wanted);
    // see_cluster, as members().
    [[nodiscard]] task<result<storage::cluster_record>> find(auth::grant const& g);
    // manage_cluster, as what changes below. A new kubeconfig counts for operations begun later.
    // errc::denied: it names another server, which only administrators do.
    [[nodiscard]] task<result<storage::cluster_record>> edit(
        auth::grant const& g, std::optional<new_cluster> fresh_access,
        std::optional<std::vector<std::string>> namespaces);
    // errc::wrong_state: releases of ours are in it, unless `forget_releases`; an operation runs.
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, bool forget_releases);
    // What is reachable, which version, which rights are missing. use_cluster.
    [[nodiscard]] task<result<inspection>> check(auth::grant const& g, std::string name_space);

    [[nodiscard]] task<result<std::vector<storage::cluster_member>>> members(auth::grant const& g);
    [[nodiscard]] task<result<void>> set_member(auth::grant const& g, storage::user_id user,
                                                std::string username, storage::role as);
    [[nodiscard]] task<result<void>> remove_member(auth::grant const& g, storage::user_id user,
                                                   std::string username);

    // Seals all credentials, and what else is sealed, with a new key. The one before is kept until
    // the next rotation, those before it are forgotten unless something is sealed with them.
    // administer. Returns how many. errc::busy: somebody is at it.
    [[nodiscard]] task<result<std::size_t>> rotate_key(auth::grant const& g);

private:
    [[nodiscard]] task<bool> old_keys_are_needed();

    release_parts const& parts_;
    storage::cluster_member_store& members_;
    inspector& looks_;
    cluster_rules rules_;
    key_ring& keys_;
    std::vector<sealed_texts*> others_;
    std::atomic<bool> rotating_{false};
};

}  // namespace pilothouse::release
