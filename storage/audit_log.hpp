// Port: who did what to which thing, and from where.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::storage {

// Kept when what it tells of is gone, so it names all in words besides numbers. Never a secret.
struct audit_event {
    audit_id id;
    instant at;
    std::string what;        // `project_created`, `member_role_changed` …
    user_id author;          // 0: no user, but a deploy token or the command line
    std::string by;          // the author's name
    std::string from;        // the client's address; empty: the command line
    project_id project;      // where; 0: none
    group_id group;          // where; 0: none
    std::string where;       // the path of the place; empty: the whole server
    std::string kind;        // of the thing: `Project`, `User`, `Package` …
    std::int64_t thing = 0;  // its number; 0: it has none
    std::string name;        // its name
    std::string detail;      // what changed, for people
};

// What an event is about. One of the whole server may be about a user.
enum class audit_scope : std::uint8_t { server, user, group, project };

struct audit_filter {
    std::optional<project_id> project;  // 0: none
    std::optional<group_id> group;      // of the group itself, not of what lies in it; 0: none
    std::optional<audit_scope> scope;
    user_id user;                          // that an event of this scope is about; 0: any
    user_id author;                        // 0: any
    std::optional<instant> after, before;  // inclusive
};

// Asks for what happened in a place that has no number: there is none.
[[nodiscard]] inline bool names_nothing(audit_filter const& filter) noexcept {
    return filter.project == project_id() || filter.group == group_id();
}

[[nodiscard]] inline audit_scope scope_of(audit_event const& e) noexcept {
    if (e.project != project_id()) return audit_scope::project;
    if (e.group != group_id()) return audit_scope::group;
    return e.kind == "User" ? audit_scope::user : audit_scope::server;
}

// Thread-safe.
class audit_log {
public:
    virtual ~audit_log() = default;
    // Durable when it returns. `id` is given here.
    [[nodiscard]] virtual task<void> note(audit_event event) = 0;
    // The newest first, at most `count` after the first `skip`.
    [[nodiscard]] virtual task<std::vector<audit_event>> list(audit_filter filter, std::size_t skip,
                                                              std::size_t count) = 0;
    [[nodiscard]] virtual task<std::size_t> count(audit_filter filter) = 0;
    [[nodiscard]] virtual task<std::optional<audit_event>> find(audit_id id) = 0;
    // Removes what is older; returns how many.
    [[nodiscard]] virtual task<std::size_t> forget(instant before) = 0;
};

}  // namespace pilothouse::storage
