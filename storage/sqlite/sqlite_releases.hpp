// Releases in SQLite.
#pragma once

#include "storage/release_store.hpp"
#include "storage/sqlite/database.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_releases final : public release_store {
public:
    explicit sqlite_releases(database& db) : db_(db) {}

    [[nodiscard]] task<result<release_record>> find(std::string id) override;
    [[nodiscard]] task<std::vector<release_record>> list(release_filter filter, release_place after,
                                                         std::size_t count) override;
    [[nodiscard]] task<result<release_record>> observe(
        std::string id, record_change<release_record> change) override;

private:
    database& db_;
};

}  // namespace pilothouse::storage::sqlite
