// Packages without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::memory {

class memory_packages final : public package_store {
public:
    explicit memory_packages(memory_state& state) : state_(state) {}
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
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
