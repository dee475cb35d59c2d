// The use cases of people and places over stores in memory, and grants as anybody may have them.
#pragma once

#include "auth/auditor.hpp"
#include "auth/token_issuer.hpp"
#include "registry/browse_places.hpp"
#include "registry/manage_access_tokens.hpp"
#include "registry/manage_groups.hpp"
#include "registry/manage_members.hpp"
#include "registry/manage_projects.hpp"
#include "registry/manage_protections.hpp"
#include "registry/manage_settings.hpp"
#include "registry/manage_users.hpp"
#include "registry/read_audit.hpp"
#include "registry/read_quota.hpp"
#include "tests/support/put_record.hpp"
#include "tests/use_cases/house.hpp"

#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

using principal_pointer = std::shared_ptr<auth::principal const>;

inline constexpr char const* client_address = "192.0.2.7";

struct office : ground_floor {
    auth::policy policy{{stores->projects(), stores->groups(), stores->members(),
                         stores->clusters(), stores->cluster_members()},
                        access,
                        time};
    auth::auditor auditor{stores->audit(), time};
    auth::token_issuer tokens{stores->tokens(), auditor, time};
    registry::manage_access_tokens access_tokens{
        {stores->users(), stores->members(), stores->tokens(), stores->projects(),
         stores->groups()},
        tokens,
        time};
    registry::read_audit audit{stores->audit()};
    registry::manage_users users{stores->users(), auditor, time};
    registry::manage_groups groups{stores->groups(), auditor, time};
    registry::manage_projects projects{stores->projects(), auditor, time};
    registry::manage_members members{stores->members(), stores->groups(), auditor, time};
    registry::manage_protections protections{stores->protections(), auditor};
    registry::manage_settings settings{stores->settings(), auditor};
    registry::read_quota read_quota{stores->channels()};
    registry::browse_places places{{stores->projects(), stores->groups(), stores->members()}, time};

    office();
    ~office();

    // --- set-up, through the stores: no grant, no event

    storage::user_record add_user(std::string name, bool admin = false) {
        storage::user_record u;
        u.username = std::move(name);
        u.admin = admin;
        return run_to_end(stores->users().create(u)).value();
    }
    storage::project_record add_project(std::string path,
                                        storage::visibility v = storage::visibility::private_) {
        storage::project_record p;
        p.path = std::move(path);
        p.visibility = v;
        return run_to_end(stores->projects().create(p)).value();
    }
    // Made, or changed where a project's path made it.
    storage::group_record add_group(std::string path,
                                    storage::visibility v = storage::visibility::private_) {
        storage::group_record g;
        g.path = path;
        auto made = run_to_end(stores->groups().create(g, {}));
        if (!made) made = run_to_end(stores->groups().find(path));
        made->visibility = v;
        return run_to_end(tests::put_record(stores->groups(), *made)).value();
    }
    storage::cluster_record add_cluster(std::string name) {
        storage::cluster_record c;
        c.name = std::move(name);
        return run_to_end(stores->clusters().create(c)).value();
    }
    void give(storage::place_id where, storage::user_record const& u, storage::role r,
              std::optional<instant> expires = {}) {
        storage::membership as;
        as.role = r;
        as.expires = expires;
        as.created = time.now();
        run_to_end(stores->members().set(where, u.id, as)).value();
    }
    storage::role role_in(storage::place_id where, storage::user_record const& u) {
        return run_to_end(stores->members().role_of(where, u.id, time.now())).role;
    }

    // --- who asks

    static principal_pointer as(storage::user_record const& u) {
        auth::principal p;
        p.what = auth::principal::kind::user;
        p.user = u.id;
        p.name = u.username;
        p.admin = u.admin;
        p.scopes = auth::scope::api;
        return std::make_shared<auth::principal const>(p);
    }
    result<auth::grant> ask(principal_pointer const& who, auth::permission what,
                            storage::place_id where) {
        if (auto const* const p = std::get_if<storage::project_id>(&where))
            return run_to_end(policy.authorize(who, what, *p));
        return run_to_end(policy.authorize_in_group(who, what, std::get<storage::group_id>(where)));
    }
    // One that is there, from the client's address.
    auth::grant grant(principal_pointer const& who, auth::permission what,
                      storage::place_id where) {
        auto g = ask(who, what, where).value();
        g.came_from(client_address);
        return g;
    }
    auth::grant grant(principal_pointer const& who, auth::permission what,
                      storage::cluster_id where) {
        auto g = run_to_end(policy.authorize_on_cluster(who, what, where)).value();
        g.came_from(client_address);
        return g;
    }
    auth::grant grant(principal_pointer const& who, auth::permission what) {
        auto g = policy.authorize_on_server(who, what).value();
        g.came_from(client_address);
        return g;
    }
    auth::grant administration() {
        return grant(auth::local_operator(), auth::permission::administer);
    }

    // Oldest first.
    std::vector<storage::audit_event> events() {
        auto all = run_to_end(stores->audit().list({}, 0, std::numeric_limits<std::size_t>::max()));
        return {all.rbegin(), all.rend()};
    }
};

template <class T>
errc refusal(result<T> const& r) {
    REQUIRE_FALSE(r);
    CHECK_FALSE(r.error().detail.empty());
    return r.error().code;
}

}  // namespace pilothouse::tests
