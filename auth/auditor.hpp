// Writes down who did what to which thing.
#pragma once

#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "storage/audit_log.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::auth {

// What something was done to.
struct audited {
    std::string_view kind;    // `Project`, `User`, `PersonalAccessToken` …
    std::int64_t number = 0;  // 0: it has none
    std::string name;
};

// Who acts by this grant, in words.
[[nodiscard]] std::string author_of(grant const& g);

// Thread-safe. Called by use cases when the change is done: one that is stopped in between leaves a
// change without its event, never an event without its change.
class auditor {
public:
    auditor(storage::audit_log& log, clock const& time) : log_(log), time_(time) {}

    // Of a change that notes it itself, in its own transaction.
    [[nodiscard]] storage::audit_event event(grant const& g, std::string_view what, audited thing,
                                             std::string detail = {}) const;

    // `what` is GitLab's event name where it has one. `detail` is for people: no secrets.
    [[nodiscard]] task<void> note(grant const& g, std::string_view what, audited thing,
                                  std::string detail = {});
    // The same for who acts on the whole server: what was done in one of its projects.
    [[nodiscard]] task<void> note_in(storage::project_record const& where, grant const& g,
                                     std::string_view what, audited thing, std::string detail = {});

private:
    storage::audit_log& log_;
    clock const& time_;
};

}  // namespace pilothouse::auth
