// What is stored, in the shapes of GitLab's API.
#pragma once

#include "auth/token_issuer.hpp"
#include "storage/audit_log.hpp"
#include "storage/directory.hpp"
#include "storage/quota.hpp"
#include "storage/token_store.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::gitlab {

namespace json = boost::json;

// `site` is what absolute addresses begin with.
[[nodiscard]] json::object basic_user(storage::user_record const& u, std::string_view site);
// As administrators see others, and everybody himself.
[[nodiscard]] json::object full_user(storage::user_record const& u, std::string_view site);
[[nodiscard]] json::object member_shape(storage::member_record const& m, std::string_view site);

[[nodiscard]] json::object group_shape(storage::group_record const& g, std::string_view full_name,
                                       std::string_view site);
// `group` is the one that it lies in.
[[nodiscard]] json::object project_shape(storage::project_record const& p,
                                         storage::group_record const& group, std::string_view site);

// What the caller has there by himself, and by the groups around it.
[[nodiscard]] json::object permissions_shape(storage::role direct, storage::role above);
// What a project holds and may hold, as keys of our own beside GitLab's; null: no limit.
void add_quota(json::object& project, storage::quota_choice const& chosen,
               storage::quota_state const& now);

[[nodiscard]] json::object personal_token(storage::token_record const& t, instant now);
[[nodiscard]] json::object deploy_token(storage::token_record const& t, instant now);
[[nodiscard]] json::object rule_shape(storage::protection_rule const& r,
                                      storage::project_id project);
[[nodiscard]] json::object event_shape(storage::audit_event const& e);

// `private`, `enabled`, `public`, `disabled`: GitLab's package_registry_access_level.
[[nodiscard]] std::string_view registry_level(storage::project_record const& p) noexcept;

}  // namespace pilothouse::gitlab
