// Who is asking, believed.
#pragma once

#include "storage/ids.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace pilothouse::auth {

// Scopes of tokens that this server knows (contracts: gitlab 2), as bits.
enum class scope : std::uint32_t {
    none = 0,
    api = 1u << 0,
    read_api = 1u << 1,
    read_package_registry = 1u << 2,
    write_package_registry = 1u << 3,
    other = 1u << 4,  // read_repository …: legal names that give nothing here
    read_user = 1u << 5,
    self_rotate = 1u << 6,
};
[[nodiscard]] constexpr scope operator|(scope a, scope b) noexcept {
    return static_cast<scope>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
[[nodiscard]] constexpr bool has(scope set, scope one) noexcept {
    return (static_cast<std::uint32_t>(set) & static_cast<std::uint32_t>(one)) != 0;
}

struct principal {
    enum class kind : std::uint8_t {
        anonymous,
        user,           // by a personal access token
        deploy_token,   // a project's own token
        job_token,      // a user, within one project's job
        local_operator  // who commands on the server's own machine: may do everything
    };
    kind what = kind::anonymous;
    storage::user_id user;        // user, job_token
    std::string name;             // user name or the deploy token's; for logs
    bool admin = false;           // of the user
    storage::project_id project;  // deploy_token, job_token
    storage::group_id group;      // deploy_token, instead of a project
    scope scopes = scope::none;   // user, deploy_token
    storage::token_id token;
};

// Whoever shows no credentials.
[[nodiscard]] std::shared_ptr<principal const> anonymous();

// Whoever commands on the server's own machine. Only the command line may ask for it.
[[nodiscard]] std::shared_ptr<principal const> local_operator();

}  // namespace pilothouse::auth
