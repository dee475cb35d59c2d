// The door for clients of GitLab's administration API: what its handlers call.
#pragma once

#include "auth/policy.hpp"
#include "auth/token_issuer.hpp"
#include "base/clock.hpp"
#include "registry/browse_places.hpp"
#include "registry/manage_access_tokens.hpp"
#include "registry/manage_groups.hpp"
#include "registry/manage_members.hpp"
#include "registry/manage_packages.hpp"
#include "registry/manage_projects.hpp"
#include "registry/manage_protections.hpp"
#include "registry/manage_settings.hpp"
#include "registry/manage_users.hpp"
#include "registry/read_audit.hpp"
#include "registry/read_quota.hpp"
#include "server/gitlab/rest.hpp"
#include "server/http/route.hpp"

#include <string>

namespace pilothouse::gitlab {

// All outlive the door.
struct administration_uses {
    registry::manage_users& users;
    registry::manage_groups& groups;
    registry::manage_projects& projects;
    registry::manage_members& members;
    registry::manage_protections& protections;
    registry::manage_access_tokens& access_tokens;
    registry::manage_settings& settings;
    registry::browse_places& places;
    registry::read_audit& audit;
    registry::manage_packages& packages;
    registry::read_quota& read_quota;
    auth::token_issuer& tokens;
    auth::policy& policy;  // for places that a body names
    clock const& time;
    std::string version;
    std::string base_path;
};

[[nodiscard]] http::door administration_door(administration_uses uses);

// What every group of handlers starts from. Thread-safe.
class handlers {
public:
    explicit handlers(administration_uses uses) : uses_(std::move(uses)) {}
    [[nodiscard]] std::string const& base_path() const noexcept { return uses_.base_path; }

protected:
    administration_uses uses_;
};

}  // namespace pilothouse::gitlab
