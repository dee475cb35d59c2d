// Clusters and their members without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_clusters final : public cluster_store {
public:
    explicit memory_clusters(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<cluster_record>> create(cluster_record cluster) override;
    [[nodiscard]] task<result<cluster_record>> find(cluster_id id) override;
    [[nodiscard]] task<result<cluster_record>> find(std::string name) override;
    [[nodiscard]] task<std::vector<cluster_record>> list() override;
    [[nodiscard]] task<result<cluster_record>> edit(cluster_id id,
                                                    record_change<cluster_record> change) override;
    [[nodiscard]] task<result<void>> remove(cluster_id id) override;

private:
    memory_state& state_;
};

class memory_cluster_members final : public cluster_member_store {
public:
    explicit memory_cluster_members(memory_state& state) : state_(state) {}
    [[nodiscard]] task<role> role_of(cluster_id cluster, user_id user) override;
    [[nodiscard]] task<result<void>> set(cluster_id cluster, user_id user, role as) override;
    [[nodiscard]] task<result<void>> remove(cluster_id cluster, user_id user) override;
    [[nodiscard]] task<std::vector<cluster_member>> list(cluster_id cluster) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
