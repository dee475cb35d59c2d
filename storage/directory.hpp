// Ports: the people, projects and memberships of the server.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage {

enum class visibility : std::uint8_t { private_, internal, public_ };
enum class duplicates_rule : std::uint8_t { refuse, allow, prerelease_only };

// GitLab's access levels (contracts: gitlab 2).
enum class role : std::uint8_t {
    none = 0,
    guest = 10,
    reporter = 20,
    developer = 30,
    maintainer = 40,
    owner = 50
};

struct project_record {
    project_id id;
    std::string path;  // `group/…/name`: two segments at least, letters as first written, unique
                       // without regard to case
    storage::visibility visibility = storage::visibility::private_;
    bool anyone_can_pull = false;
    duplicates_rule duplicates = duplicates_rule::refuse;
    bool archived = false;
    bool packages_enabled = true;
    instant created;
};

struct user_record {
    user_id id;
    std::string username;  // unique without regard to case
    bool admin = false;
    bool blocked = false;
    instant created;
};

struct member_record {
    user_record user;
    storage::role role = role::none;
};

// Told after each committed change of a project, member, user or token (not of a token's last use),
// before the change's caller gets its answer: caches of who may do what are emptied here. Called on
// the store's writing thread; be quick, do not throw.
class directory_observer {
public:
    virtual ~directory_observer() = default;
    virtual void directory_changed() noexcept = 0;
};

// All thread-safe; changes are durable when the awaited call returns.
class project_store {
public:
    virtual ~project_store() = default;
    [[nodiscard]] virtual task<result<project_record>> create(
        project_record project) = 0;                                             // errc::conflict
    [[nodiscard]] virtual task<result<project_record>> find(project_id id) = 0;  // errc::not_found
    [[nodiscard]] virtual task<result<project_record>> find(
        std::string path) = 0;                                           // errc::not_found
    [[nodiscard]] virtual task<std::vector<project_record>> list() = 0;  // by path
    // By id; all but `created`. errc::not_found; errc::conflict: another has the path.
    [[nodiscard]] virtual task<result<project_record>> edit(project_record project) = 0;
    // With all its channels, versions, members and tokens. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(project_id id) = 0;
};

class member_store {
public:
    virtual ~member_store() = default;
    [[nodiscard]] virtual task<role> role_of(project_id project,
                                             user_id user) = 0;  // role::none: no member
    // role::none removes; errc::not_found where the project or user is gone, or there was no such
    // member to remove.
    [[nodiscard]] virtual task<result<void>> set(project_id project, user_id user, role r) = 0;
    [[nodiscard]] virtual task<std::vector<member_record>> list(
        project_id project) = 0;  // by user name
};

class user_store {
public:
    virtual ~user_store() = default;
    [[nodiscard]] virtual task<result<user_record>> create(user_record user) = 0;  // errc::conflict
    [[nodiscard]] virtual task<result<user_record>> find(user_id id) = 0;  // errc::not_found
    [[nodiscard]] virtual task<result<user_record>> find(std::string username) = 0;
    [[nodiscard]] virtual task<std::vector<user_record>> list() = 0;             // by name
    [[nodiscard]] virtual task<result<user_record>> edit(user_record user) = 0;  // admin, blocked
};

// Settings of the whole server that are changed while it runs.
class setting_store {
public:
    virtual ~setting_store() = default;
    [[nodiscard]] virtual task<std::optional<std::string>> get(std::string key) = 0;
    [[nodiscard]] virtual task<void> set(std::string key, std::string value) = 0;
};

}  // namespace pilothouse::storage
