// IamTokenService: a lasting token in, one for some hours out (contracts: releases 1.1, 2.6).
#pragma once

#include "auth/authenticator.hpp"
#include "auth/policy.hpp"
#include "auth/session_tokens.hpp"
#include "base/task.hpp"
#include "server/grpc/call.hpp"
#include "server/grpc/status.hpp"

#include <proto/yandex/cloud/iam/v1/iam_token_service.pb.h>

namespace pilothouse::rpc {

namespace iam = ::yandex::cloud::iam::v1;

// What is behind the door; all outlive it.
struct token_uses {
    auth::authenticator& authenticator;
    auth::policy& policy;
    auth::session_tokens const& sessions;
};

// Thread-safe.
class iam_token_service {
public:
    explicit iam_token_service(token_uses const& uses) : uses_(uses) {}

    // UNAUTHENTICATED: not a personal access token that is good now; UNIMPLEMENTED: a JWT.
    [[nodiscard]] task<answer<iam::CreateIamTokenResponse>> create(
        call const& c, iam::CreateIamTokenRequest asked);

private:
    token_uses uses_;
};

}  // namespace pilothouse::rpc
