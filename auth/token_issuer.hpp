// Makes tokens, lists them, takes them back.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "storage/token_store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::auth {

// What is asked for. `user` belongs to personal and job tokens, `project` to deploy and job tokens,
// `group` to deploy tokens instead of a project.
struct token_request {
    storage::token_kind kind = storage::token_kind::personal;
    storage::user_id user;
    storage::project_id project;
    storage::group_id group;
    std::string name;  // for people; empty: one is given
    std::string description;
    std::string username;             // deploy: shown to people; empty: one is given
    std::vector<std::string> scopes;  // names; see check_scopes()
    std::optional<instant> expires;   // none: in 90 days, a job token in one hour
    bool endless = false;             // deploy: no end, where none is named
};

struct issued_token {
    storage::token_record record;
    secret text;  // nobody can see it a second time
};

// Thread-safe. The grant is permission::administer; or edit_project, own_project, own_group for
// tokens of that place (manage_group: to look); or be_oneself for one's own (be_somebody: to look);
// or hold_token, rotate_token for the very token that is shown.
class token_issuer {
public:
    token_issuer(storage::token_store& tokens, auditor& audit, clock const& time)
        : tokens_(tokens), audit_(audit), time_(time) {}

    // errc::invalid_argument: scopes that this kind cannot have, an end in the past, a name with
    // control characters or beyond 255 bytes; errc::not_found: user or project are gone.
    [[nodiscard]] task<result<issued_token>> issue(grant const& g, token_request request);

    [[nodiscard]] task<std::vector<storage::token_record>> list(grant const& g,
                                                                storage::token_filter filter);

    // errc::not_found.
    [[nodiscard]] task<result<storage::token_record>> find(grant const& g, storage::token_id id);

    // Counts at the next request; done twice it is as done once. errc::not_found, also where the
    // token is of another kind, or of another project than `project` (0: any).
    [[nodiscard]] task<result<storage::token_record>> revoke(grant const& g,
                                                             storage::token_kind kind,
                                                             storage::token_id id,
                                                             storage::project_id project);

    // A token with all that the old one had, which ends now. `expires`: none: in a week.
    // errc::not_found; errc::conflict: the old one was revoked already; errc::invalid_argument: an
    // end in the past.
    [[nodiscard]] task<result<issued_token>> rotate(grant const& g, storage::token_record old,
                                                    std::optional<instant> expires);

private:
    storage::token_store& tokens_;
    auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::auth
