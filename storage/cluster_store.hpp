// Ports: the Kubernetes clusters that releases are installed into, and who may do that.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage {

struct cluster_record {
    cluster_id id;
    std::string name;  // a DNS label; unique, never changed: clients name the cluster by it
    // Whose members have their roles here too. Empty: shared, so that roles given in the cluster
    // itself are all there are, besides administrators; so it becomes when its owner is removed.
    std::optional<place_id> owner;
    std::string server;             // the API server's address, for people
    std::string sealed_kubeconfig;  // base/sealing; one cluster, one user, nothing to run or read
    std::vector<std::string> namespaces;  // that releases may lie in; `*` stands for any run of
                                          // characters. Empty: any but those of Kubernetes itself
    user_id creator;                      // 0: the command line, or a user who is gone
    instant created, updated;
};

struct cluster_member {
    user_record user;
    storage::role role = storage::role::none;
};

// All thread-safe; changes are durable when the awaited call returns.
class cluster_store {
public:
    virtual ~cluster_store() = default;
    // `id` is given here. errc::conflict: the name is taken; errc::not_found: owner or creator
    // are gone.
    [[nodiscard]] virtual task<result<cluster_record>> create(cluster_record cluster) = 0;
    [[nodiscard]] virtual task<result<cluster_record>> find(cluster_id id) = 0;     // not_found
    [[nodiscard]] virtual task<result<cluster_record>> find(std::string name) = 0;  // not_found
    [[nodiscard]] virtual task<std::vector<cluster_record>> list() = 0;             // by name
    // All but id, name and creation. errc::not_found: the cluster is, or its owner.
    [[nodiscard]] virtual task<result<cluster_record>> edit(
        cluster_id id, record_change<cluster_record> change) = 0;
    // With its members, and the records of its releases and operations. errc::not_found;
    // errc::wrong_state: an operation is under way.
    [[nodiscard]] virtual task<result<void>> remove(cluster_id id) = 0;
};

// Roles given in a cluster itself, besides those of its owner's members.
class cluster_member_store {
public:
    virtual ~cluster_member_store() = default;
    [[nodiscard]] virtual task<role> role_of(cluster_id cluster, user_id user) = 0;  // or none
    // Makes a member, or changes one. errc::not_found: cluster or user are gone.
    [[nodiscard]] virtual task<result<void>> set(cluster_id cluster, user_id user, role as) = 0;
    // errc::not_found: he is none.
    [[nodiscard]] virtual task<result<void>> remove(cluster_id cluster, user_id user) = 0;
    // By user name.
    [[nodiscard]] virtual task<std::vector<cluster_member>> list(cluster_id cluster) = 0;
};

}  // namespace pilothouse::storage
