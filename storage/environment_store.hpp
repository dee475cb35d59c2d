// Port: environments, each a namespace of a cluster that a project deploys into.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

// What it is for; a note for people.
enum class environment_mode : std::uint8_t { development, preview, production, staging };
[[nodiscard]] std::string_view name_of(environment_mode mode) noexcept;
[[nodiscard]] std::optional<environment_mode> environment_mode_named(
    std::string_view name) noexcept;

struct environment_record {
    environment_id id;
    std::string uuid;  // in lower case; of the caller's choice, unique
    project_id project;
    std::string project_path;
    cluster_id cluster;
    std::string cluster_name;
    std::string name;        // unique in its project
    std::string name_space;  // unique in its cluster, never changed
    environment_mode mode = environment_mode::development;
    user_id creator;  // 0: the command line, or a user who is gone
    instant created, updated;
};

// All thread-safe; changes are durable when the awaited call returns. With its project or its
// cluster an environment goes, too, and with it its services; what is in the cluster stays.
class environment_store {
public:
    virtual ~environment_store() = default;
    // `id`, project_path and cluster_name are given here. errc::conflict: the name is taken in the
    // project, the namespace in the cluster, or the UUID; errc::not_found: project, cluster or
    // creator are gone.
    [[nodiscard]] virtual task<result<environment_record>> create(environment_record wanted) = 0;
    [[nodiscard]] virtual task<result<environment_record>> find(
        environment_id id) = 0;  // errc::not_found
    [[nodiscard]] virtual task<result<environment_record>> find(
        std::string uuid) = 0;  // errc::not_found
    // By name.
    [[nodiscard]] virtual task<std::vector<environment_record>> list(project_id project) = 0;
    // Of it are kept name, mode and updated. errc::not_found; errc::conflict: the name is taken.
    [[nodiscard]] virtual task<result<environment_record>> edit(
        environment_id id, record_change<environment_record> change) = 0;
    // errc::not_found; errc::wrong_state: services are left in it.
    [[nodiscard]] virtual task<result<void>> remove(environment_id id) = 0;
};

}  // namespace pilothouse::storage
