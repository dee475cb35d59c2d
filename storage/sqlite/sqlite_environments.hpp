// Environments in SQLite.
#pragma once

#include "storage/environment_store.hpp"
#include "storage/sqlite/database.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_environments final : public environment_store {
public:
    explicit sqlite_environments(database& db) : db_(db) {}

    [[nodiscard]] task<result<environment_record>> create(environment_record wanted) override;
    [[nodiscard]] task<result<environment_record>> find(environment_id id) override;
    [[nodiscard]] task<result<environment_record>> find(std::string uuid) override;
    [[nodiscard]] task<std::vector<environment_record>> list(project_id project) override;
    [[nodiscard]] task<result<environment_record>> edit(
        environment_id id, record_change<environment_record> change) override;
    [[nodiscard]] task<result<void>> remove(environment_id id) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
