// Ports: the people, groups, projects and memberships of the server.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
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
    owner = 50,
    admin = 60  // nobody's role in a place; protection rules may ask for it
};

// Of groups and projects.
inline constexpr std::size_t path_bytes_max = 1024;

// A folder of projects and of further groups.
struct group_record {
    group_id id;
    group_id parent;   // 0: at the top
    std::string path;  // whole: `group/sub`; letters as first written, unique among groups and
                       // projects without regard to case
    std::string name;  // for people
    std::string description;
    storage::visibility visibility = storage::visibility::private_;
    instant created;
};

// Charts whose name fits `pattern` take more than the usual role. role::none: the usual one.
struct protection_rule {
    protection_id id;
    std::string pattern;  // `*` stands for any run of characters; compared without regard to case;
                          // unique in its project
    role push = role::none;
    role remove = role::none;
};

// What a project sets for itself of what it may hold. Empty: as the server's settings say; 0: no
// limit.
struct quota_choice {
    std::optional<std::uint64_t> bytes, versions;

    friend bool operator==(quota_choice const&, quota_choice const&) = default;
};

struct project_record {
    project_id id;
    std::vector<group_id> groups;  // that it lies in, from the top; the last is its own
    std::string path;  // `group/…/name`: two segments at least, letters as first written, unique
                       // without regard to case
    std::string name;  // for people; empty on creation: the path's last segment
    std::string description;
    storage::visibility visibility = storage::visibility::private_;
    bool anyone_can_pull = false;
    duplicates_rule duplicates = duplicates_rule::refuse;
    bool archived = false;
    bool packages_enabled = true;
    quota_choice quota;
    user_id creator;  // 0: the command line, or a user who is gone
    instant created, updated;
    std::vector<protection_rule> protections;  // by number
};

struct user_record {
    user_id id;
    std::string username;  // unique without regard to case
    std::string name;      // for people; empty on creation: the user name
    std::string email;     // unique without regard to case, or empty
    bool admin = false;
    bool blocked = false;
    std::optional<place_id> bot_of;  // holds the access token of this place; goes with it
    instant created;
};

struct membership {
    storage::role role = storage::role::none;
    std::optional<instant> expires;  // from this moment on it gives nothing
    user_id created_by;
    instant created;
};

struct member_record {
    user_record user;
    membership as;
    place_id where;  // that it was given in: for inherited ones a group above
};

// What all memberships of a user give together.
struct effective_role {
    storage::role role = storage::role::none;
    std::optional<instant> until;  // the first of them ends then: ask again
};

// Told after each committed change of a project, member, user or token (not of a token's last use),
// before the change's caller gets its answer: caches of who may do what are emptied here. Called on
// the store's writing thread; be quick, do not throw.
class directory_observer {
public:
    virtual ~directory_observer() = default;
    virtual void directory_changed() noexcept = 0;
};

// What is to become of a record, decided within the change itself: two at once both count. A
// failure changes nothing, and is the answer. Called on the store's writing thread: be quick, and
// call no store.
template <class Record>
using record_change = std::function<result<void>(Record&)>;

// All thread-safe; changes are durable when the awaited call returns. errc::not_found may also mean
// that something named by the record was removed at the same moment.
class project_store {
public:
    virtual ~project_store() = default;
    // Lies in `within`, and its `path` is the last segment alone; or, where that is 0, in the group
    // that its path names: then groups that are missing are made, private. errc::conflict: the path
    // is taken, or lies within a project; errc::not_found: no group `within`. `groups`,
    // `protections` and `id` are given here.
    [[nodiscard]] virtual task<result<project_record>> create(project_record project,
                                                              group_id within = {}) = 0;
    [[nodiscard]] virtual task<result<project_record>> find(project_id id) = 0;  // errc::not_found
    [[nodiscard]] virtual task<result<project_record>> find(
        std::string path) = 0;                                           // errc::not_found
    [[nodiscard]] virtual task<std::vector<project_record>> list() = 0;  // by path
    // All but `created`, `creator`, `protections` and the groups: the path may change in its last
    // segment only. errc::not_found; errc::conflict: another has the path.
    [[nodiscard]] virtual task<result<project_record>> edit(
        project_id id, record_change<project_record> change) = 0;
    // With all its channels, versions, members and tokens. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(project_id id) = 0;
};

class group_store {
public:
    virtual ~group_store() = default;
    // Lies in `parent`, and its `path` is the last segment alone; or, where that is 0, in the group
    // that its path names. errc::conflict: the path is taken; errc::not_found: the parent does not
    // exist, or is a project; or the creator is gone. He becomes its owner, unless 0.
    [[nodiscard]] virtual task<result<group_record>> create(group_record group,
                                                            user_id creator) = 0;
    [[nodiscard]] virtual task<result<group_record>> find(group_id id) = 0;       // errc::not_found
    [[nodiscard]] virtual task<result<group_record>> find(std::string path) = 0;  // errc::not_found
    [[nodiscard]] virtual task<std::vector<group_record>> list() = 0;             // by path
    // All but `created` and the parent: the path may change in its last segment, and what lies in
    // the group follows. errc::not_found; errc::conflict; errc::invalid_argument: the path of what
    // lies in it would have more than path_bytes_max.
    [[nodiscard]] virtual task<result<group_record>> edit(group_id id,
                                                          record_change<group_record> change) = 0;
    // With all that lies in it. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(group_id id) = 0;
};

class protection_store {
public:
    virtual ~protection_store() = default;
    // errc::conflict: the pattern is there already; errc::not_found: the project is gone.
    [[nodiscard]] virtual task<result<protection_rule>> add(project_id project,
                                                            protection_rule rule) = 0;
    // By id, within the project; all but the id. errc::not_found, errc::conflict.
    [[nodiscard]] virtual task<result<protection_rule>> edit(
        project_id project, protection_id id, record_change<protection_rule> change) = 0;
    [[nodiscard]] virtual task<result<void>> remove(project_id project, protection_id id) = 0;
};

class member_store {
public:
    virtual ~member_store() = default;
    // The highest of what was given there and in the groups above, and is good at `now`. A place
    // that is gone gives none.
    [[nodiscard]] virtual task<effective_role> role_of(place_id where, user_id user,
                                                       instant now) = 0;
    // Given in this very place. errc::not_found.
    [[nodiscard]] virtual task<result<member_record>> find(place_id where, user_id user) = 0;
    // Makes a member, or changes one; of `as`, a change keeps `created` and `created_by`. The role
    // is not none. errc::not_found: place or user are gone; errc::invalid_argument: the bot of
    // another place; errc::conflict: it would leave a group without its last owner. Who has an end
    // looks after a group only until then: while one owner has none, such a one has to stay.
    [[nodiscard]] virtual task<result<member_record>> set(place_id where, user_id user,
                                                          membership as) = 0;
    // errc::not_found; errc::conflict as above.
    [[nodiscard]] virtual task<result<void>> remove(place_id where, user_id user) = 0;
    // By user name; with `inherited`, also those of the groups above, each user once for every
    // place.
    [[nodiscard]] virtual task<std::vector<member_record>> list(place_id where, bool inherited) = 0;
    // All that was given to one user, anywhere.
    [[nodiscard]] virtual task<std::vector<member_record>> of_user(user_id user) = 0;
};

class user_store {
public:
    virtual ~user_store() = default;
    // errc::conflict: user name or e-mail address are taken; the detail says which.
    [[nodiscard]] virtual task<result<user_record>> create(user_record user) = 0;
    [[nodiscard]] virtual task<result<user_record>> find(user_id id) = 0;  // errc::not_found
    [[nodiscard]] virtual task<result<user_record>> find(std::string username) = 0;
    [[nodiscard]] virtual task<std::vector<user_record>> list() = 0;  // by name; bots too
    // All but `created` and `bot_of`. errc::not_found, errc::conflict.
    [[nodiscard]] virtual task<result<user_record>> edit(user_id id,
                                                         record_change<user_record> change) = 0;
    // With memberships and tokens. errc::not_found; errc::conflict: the last owner of a group,
    // unless `forced`.
    [[nodiscard]] virtual task<result<void>> remove(user_id id, bool forced) = 0;
};

// Settings of the whole server that are changed while it runs.
class setting_store {
public:
    virtual ~setting_store() = default;
    [[nodiscard]] virtual task<std::optional<std::string>> get(std::string key) = 0;
    [[nodiscard]] virtual task<void> set(std::string key, std::string value) = 0;
};

}  // namespace pilothouse::storage
