// Services and their deployments in SQLite.
#pragma once

#include "storage/service_store.hpp"
#include "storage/sqlite/database.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_services final : public service_store {
public:
    explicit sqlite_services(database& db) : db_(db) {}

    [[nodiscard]] task<result<service_record>> create(service_record wanted) override;
    [[nodiscard]] task<result<service_record>> find(std::string uuid) override;
    [[nodiscard]] task<result<service_record>> find(service_id id) override;
    [[nodiscard]] task<std::vector<service_record>> list(environment_id environment) override;
    [[nodiscard]] task<std::vector<service_record>> automatic() override;
    [[nodiscard]] task<result<service_record>> edit(service_id id,
                                                    record_change<service_record> change) override;
    [[nodiscard]] task<result<void>> remove(service_id id) override;

private:
    database& db_;
};

class sqlite_deployments final : public deployment_log {
public:
    explicit sqlite_deployments(database& db) : db_(db) {}

    [[nodiscard]] task<result<deployment_record>> add(deployment_record wanted) override;
    [[nodiscard]] task<result<deployment_record>> edit(
        std::string uuid, record_change<deployment_record> change) override;
    [[nodiscard]] task<result<void>> remove(std::string uuid) override;
    [[nodiscard]] task<result<deployment_record>> find(std::string uuid) override;
    [[nodiscard]] task<result<deployment_record>> of_operation(std::string operation) override;
    [[nodiscard]] task<std::vector<deployment_record>> waiting() override;
    [[nodiscard]] task<std::vector<deployment_record>> unsettled() override;
    [[nodiscard]] task<std::vector<deployment_record>> list(service_id service,
                                                            std::size_t count) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
