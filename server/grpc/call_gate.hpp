// Who may have a call worked on: who is calling, and whether that is too often.
#pragma once

#include "auth/authenticator.hpp"
#include "auth/principal.hpp"
#include "base/task.hpp"
#include "server/grpc/status.hpp"
#include "server/http/request_limiter.hpp"

#include <memory>
#include <string>

namespace pilothouse::rpc {

// As a call came with them.
struct shown_credentials {
    std::string authorization;  // the metadata of that name; empty: none
    bool twice = false;         // it came more than once
    std::string from;           // the client's address
};

// Thread-safe.
class call_gate {
public:
    // Both outlive it; no limiter: nobody is counted.
    call_gate(auth::authenticator& authenticator, http::request_limiter* limiter)
        : authenticator_(authenticator), limiter_(limiter) {}

    // Never the anonymous principal. Refuses bad credentials, none, two, and who calls too often;
    // whoever shows bad ones is counted by his address.
    [[nodiscard]] task<answer<std::shared_ptr<auth::principal const>>> admit(
        shown_credentials shown);

private:
    [[nodiscard]] task<answer<std::shared_ptr<auth::principal const>>> authenticate(
        shown_credentials const& shown);

    auth::authenticator& authenticator_;
    http::request_limiter* limiter_;
};

}  // namespace pilothouse::rpc
