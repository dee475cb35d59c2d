// Makes tokens, lists them, takes them back.
#pragma once

#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "storage/token_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::auth {

// What is asked for. `user` belongs to personal and job tokens, `project` to deploy and job tokens.
struct token_request {
    storage::token_kind kind = storage::token_kind::personal;
    storage::user_id user;
    storage::project_id project;
    std::string name;                 // for people; empty: one is given
    std::string username;             // deploy: shown to people; empty: one is given
    std::vector<std::string> scopes;  // names; see check_scopes()
    std::optional<instant> expires;   // none: in 90 days, a job token in one hour
};

struct issued_token {
    storage::token_record record;
    secret text;  // nobody can see it a second time
};

// Thread-safe. All need permission::administer.
class token_issuer {
public:
    token_issuer(storage::token_store& tokens, clock const& time) : tokens_(tokens), time_(time) {}

    // errc::invalid_argument: scopes that this kind cannot have, an end in the past, a name with
    // control characters or beyond 255 bytes; errc::not_found: user or project are gone.
    [[nodiscard]] task<result<issued_token>> issue(grant const& g, token_request request);

    [[nodiscard]] task<std::vector<storage::token_record>> list(grant const& g,
                                                                storage::token_filter filter);

    // Counts at the next request; done twice it is as done once. errc::not_found, also where the
    // token is of another kind, or of another project than `project` (0: any).
    [[nodiscard]] task<result<storage::token_record>> revoke(grant const& g,
                                                             storage::token_kind kind,
                                                             storage::token_id id,
                                                             storage::project_id project);

private:
    storage::token_store& tokens_;
    clock const& time_;
};

// `2027-01-31`, the start of that day in UTC, or an RFC 3339 time (contracts: settled 15).
// errc::invalid_argument.
[[nodiscard]] result<instant> parse_expiry(std::string_view text);

}  // namespace pilothouse::auth
