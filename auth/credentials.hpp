// What a request says of its sender, not yet believed.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::auth {

struct credentials {
    enum class scheme : std::uint8_t {
        none,
        basic,
        bearer,
        private_token,
        deploy_token,
        job_token
    };
    scheme how = scheme::none;
    std::string
        username;  // of Basic; never compared with the token's owner (contracts: gitlab A1, A2, A4)
    secret token;
    std::string_view from = {};  // the client's address; the connection's, not the client's word
};

// The values of the header fields that may carry credentials; empty: absent.
struct credential_fields {
    std::string_view authorization;
    std::string_view private_token;  // PRIVATE-TOKEN
    std::string_view deploy_token;   // Deploy-Token
    std::string_view job_token;      // JOB-TOKEN
};

// Basic with an empty user name or password counts as none (contracts: gitlab A5).
// errc::unauthenticated with a reason: Basic that is not base64 of `user:password` (RFC 7617), an
// unknown scheme, or two fields that name different tokens.
[[nodiscard]] result<credentials> read_credentials(credential_fields const& fields);

}  // namespace pilothouse::auth
