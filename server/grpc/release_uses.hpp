// The use cases behind the services of releases and operations, and the way to them: a grant for
// what a call names.
#pragma once

#include "auth/grant.hpp"
#include "auth/policy.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/access.hpp"
#include "release/change_release.hpp"
#include "release/read_releases.hpp"
#include "server/grpc/call.hpp"

#include <string>

namespace pilothouse::rpc {

// All outlive it.
struct release_uses {
    release::access& access;
    release::change_release& change;
    release::read_releases& read;
};

// To do this, for whoever calls, noted with where he calls from. As release::access has it.
[[nodiscard]] task<result<auth::grant>> to_cluster(release_uses uses, call const& c,
                                                   auth::permission what, std::string name);
[[nodiscard]] task<result<auth::grant>> to_release(release_uses uses, call const& c,
                                                   auth::permission what, std::string id);
[[nodiscard]] task<result<auth::grant>> to_operation(release_uses uses, call const& c,
                                                     auth::permission what, std::string id);

}  // namespace pilothouse::rpc
