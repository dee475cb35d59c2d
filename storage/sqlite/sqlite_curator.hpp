// Changes of many published versions at once, in SQLite.
#pragma once

#include "base/clock.hpp"
#include "storage/curator.hpp"
#include "storage/sqlite/database.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_curator final : public curator {
public:
    // `observer` may be null.
    sqlite_curator(database& db, clock const& time, catalogue_observer* observer)
        : db_(db), time_(time), observer_(observer) {}

    [[nodiscard]] task<result<std::vector<added>>> copy(copy_request request) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> mark(
        project_id project, std::string channel, std::vector<marking> markings) override;
    [[nodiscard]] task<result<std::vector<catalogue_entry>>> remove(
        project_id project, std::string channel, std::vector<version_state> versions) override;

private:
    [[nodiscard]] result<std::vector<added>> copy_within(transaction& t,
                                                         copy_request const& request);

    database& db_;
    clock const& time_;
    catalogue_observer* observer_;
};

}  // namespace pilothouse::storage::sqlite
