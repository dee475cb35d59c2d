// What asks for an operation on a release: judged at once, queued durably, answered.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"
#include "release/user_values.hpp"

#include <optional>
#include <string>

namespace pilothouse::release {

// The key of a request that may be sent twice, and the method that it is for.
struct request_key {
    std::string method, key;
};

struct install_request {
    std::string version;  // release/product.hpp
    std::string name,
        name_space;  // empty: of the reserved values, else the chart's name and `default`
    values_given values;
    storage::operation_options options;
    std::optional<request_key> once;
    std::string operation = "";  // the id of what is begun, if the caller chose one
};

struct update_request {
    std::string release;
    std::string version;        // empty: as it is
    values_given values;        // empty: as they are
    bool reset_values = false;  // to the chart's own, where none are given
    storage::operation_options options;
    std::optional<request_key> once;
    std::string operation = "";  // as in install_request
};

// Of what needs nothing but the release: uninstall; stop and restart, which read timeout and wait.
struct release_request {
    std::string release;
    storage::operation_options options;
    std::optional<request_key> once;
    std::string operation = "";  // as in install_request
};

struct rollback_request {
    std::string release;
    int revision = 0;  // 0: the newest good one before this
    storage::operation_options options;
    std::optional<request_key> once;
};

// Thread-safe. Each needs use_cluster of the release's cluster, and, where a version is named, that
// the caller may read it. Durable when it returns. With a key that came before, the same request is
// answered with what it began then, whatever it names has become (contracts: releases 1.6).
//
// errc::invalid_argument: names, values, options, a namespace that the cluster does not take,
// values that break the chart's schema, a version of another chart; errc::not_found: version or
// release; errc::conflict: such a release is there; errc::busy: `conflicting operation "<id>"
// detected`; errc::wrong_state: a chart that cannot be installed (library, deprecated by setting,
// schema that refers outside); errc::unavailable: too many wait, no helm.
class change_release {
public:
    explicit change_release(release_parts const& parts) : parts_(parts) {}

    [[nodiscard]] task<result<storage::begun>> install(auth::grant const& g,
                                                       install_request wanted);
    [[nodiscard]] task<result<storage::begun>> update(auth::grant const& g, update_request wanted);
    [[nodiscard]] task<result<storage::begun>> uninstall(auth::grant const& g,
                                                         release_request wanted);
    [[nodiscard]] task<result<storage::begun>> rollback(auth::grant const& g,
                                                        rollback_request wanted);

    // Workloads to no pods, their sizes remembered, until an update or a rollback gives them back.
    [[nodiscard]] task<result<storage::begun>> stop(auth::grant const& g, release_request wanted);
    // New pods. Besides errc::wrong_state: the release is stopped.
    [[nodiscard]] task<result<storage::begun>> restart(auth::grant const& g,
                                                       release_request wanted);

private:
    release_parts const& parts_;
};

}  // namespace pilothouse::release
