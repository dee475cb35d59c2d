// Clusters and their members in SQLite.
#pragma once

#include "storage/cluster_store.hpp"
#include "storage/sqlite/database.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_clusters final : public cluster_store {
public:
    explicit sqlite_clusters(database& db) : db_(db) {}

    [[nodiscard]] task<result<cluster_record>> create(cluster_record cluster) override;
    [[nodiscard]] task<result<cluster_record>> find(cluster_id id) override;
    [[nodiscard]] task<result<cluster_record>> find(std::string name) override;
    [[nodiscard]] task<std::vector<cluster_record>> list() override;
    [[nodiscard]] task<result<cluster_record>> edit(cluster_id id,
                                                    record_change<cluster_record> change) override;
    [[nodiscard]] task<result<void>> remove(cluster_id id) override;

private:
    database& db_;
};

class sqlite_cluster_members final : public cluster_member_store {
public:
    explicit sqlite_cluster_members(database& db) : db_(db) {}

    [[nodiscard]] task<role> role_of(cluster_id cluster, user_id user) override;
    [[nodiscard]] task<result<void>> set(cluster_id cluster, user_id user, role as) override;
    [[nodiscard]] task<result<void>> remove(cluster_id cluster, user_id user) override;
    [[nodiscard]] task<std::vector<cluster_member>> list(cluster_id cluster) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
