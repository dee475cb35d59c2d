// Access tokens of projects and groups: personal tokens of a bot that is a member of the place.
#pragma once

#include "auth/grant.hpp"
#include "auth/token_issuer.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/token_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace pilothouse::registry {

struct place_token {
    storage::token_record token;
    storage::role role = storage::role::none;  // of its bot
};

// Thread-safe. The place is the grant's: edit_project or own_group.
class manage_access_tokens {
public:
    struct stores {
        storage::user_store& users;
        storage::member_store& members;
        storage::token_store& tokens;
        storage::project_store& projects;
        storage::group_store& groups;
    };
    // A project or a group as a client names it: by number, or by path.
    struct place_name {
        bool group = false;
        std::variant<std::int64_t, std::string> text;
    };
    manage_access_tokens(stores const& from, auth::token_issuer& issuer, clock const& time)
        : from_(from), issuer_(issuer), time_(time) {}

    struct wanted {
        std::string name, description;
        std::vector<std::string> scopes;
        storage::role role = storage::role::maintainer;
        std::optional<instant> expires;
    };
    struct issued {
        auth::issued_token token;
        storage::role role = storage::role::none;
        storage::place_id where = {};
    };
    // errc::invalid_argument: a role above the caller's own, a caller that is such a token itself,
    // or as token_issuer::issue().
    [[nodiscard]] task<result<issued>> create(auth::grant const& g, wanted w);
    // By number; revoked and ended ones too.
    [[nodiscard]] task<std::vector<place_token>> list(auth::grant const& g);
    // errc::not_found, also for a token of another place.
    [[nodiscard]] task<result<place_token>> find(auth::grant const& g, storage::token_id id);
    // errc::not_found; errc::denied: its role is above the caller's own; errc::conflict: revoked
    // already.
    [[nodiscard]] task<result<issued>> rotate(auth::grant const& g, storage::token_id id,
                                              std::optional<instant> expires);
    // The very token that is shown, with rotate_token. errc::not_found: it is no access token of
    // that place.
    [[nodiscard]] task<result<issued>> rotate_self(auth::grant const& g, place_name place,
                                                   std::optional<instant> expires);
    // The token is refused from the next request on; it goes, and its bot with it. errc::not_found.
    [[nodiscard]] task<result<void>> revoke(auth::grant const& g, storage::token_id id);

private:
    [[nodiscard]] task<std::optional<storage::place_id>> place_called(place_name place);
    [[nodiscard]] task<result<void>> check_person(auth::grant const& g);

    stores from_;
    auth::token_issuer& issuer_;
    clock const& time_;
};

}  // namespace pilothouse::registry
