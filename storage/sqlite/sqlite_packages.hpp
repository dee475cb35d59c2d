// Packages in SQLite.
#pragma once

#include "base/clock.hpp"
#include "storage/catalogue.hpp"
#include "storage/package_store.hpp"
#include "storage/sqlite/database.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

class sqlite_packages final : public package_store {
public:
    // `observer` may be null.
    sqlite_packages(database& db, clock const& time, catalogue_observer* observer)
        : db_(db), time_(time), observer_(observer) {}

    [[nodiscard]] task<package_list> list(package_filter filter, package_range range) override;
    [[nodiscard]] task<result<package_record>> find(project_id project, package_id id) override;
    [[nodiscard]] task<result<package_record>> find(project_id project, std::string chart,
                                                    std::string version) override;
    [[nodiscard]] task<result<std::vector<package_file>>> files(project_id project,
                                                                package_id id) override;
    [[nodiscard]] task<result<std::vector<package_file>>> remove(project_id project,
                                                                 package_id id) override;
    [[nodiscard]] task<result<package_file>> remove_file(project_id project, package_id id,
                                                         package_file_id file) override;
    [[nodiscard]] task<result<version_place>> locate(version_id version) override;

private:
    [[nodiscard]] result<std::vector<package_file>> remove_within(transaction& t,
                                                                  package_record const& package);
    [[nodiscard]] result<package_file> remove_file_within(transaction& t,
                                                          package_record const& package,
                                                          package_file_id file);

    database& db_;
    clock const& time_;
    catalogue_observer* observer_;
};

}  // namespace pilothouse::storage::sqlite
