// What was asked for, judged before anything is queued or shown.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/change_release.hpp"
#include "release/release_parts.hpp"
#include "release/user_values.hpp"

#include <string>

namespace pilothouse::release {

struct judged_install {
    storage::release_source source;
    std::string name, name_space;
    secret document;
    operation_options options;
    bool deprecated = false;  // the version
};

struct judged_update {
    storage::release_record release;
    storage::release_source source;
    secret document;  // unread where the values are kept
    bool keeps_values = false;
    operation_options options;
    bool deprecated = false;  // the version, if one was named
};

// As change_release has it; need use_cluster.
[[nodiscard]] task<result<judged_install>> judge_install(release_parts const& parts,
                                                         auth::grant const& g,
                                                         install_request wanted);
[[nodiscard]] task<result<judged_update>> judge_update(release_parts const& parts,
                                                       auth::grant const& g, update_request wanted);

// A timeout that nobody named is the server's. errc::invalid_argument.
[[nodiscard]] result<operation_options> check_options(operation_options how,
                                                      release_limits const& limits);
// errc::unavailable: there is no helm.
[[nodiscard]] task<result<void>> check_helm(release_parts const& parts);
// errc::not_found: not in the grant's cluster.
[[nodiscard]] task<result<storage::release_record>> find_in_cluster(release_parts const& parts,
                                                                    auth::grant const& g,
                                                                    std::string id);

}  // namespace pilothouse::release
