// Which version of which chart a configuration means.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "deploy/deploy_parts.hpp"
#include "deploy/service_configuration.hpp"

#include <string>

namespace pilothouse::deploy {

struct chart_choice {
    std::string reference;  // release/product.hpp
    std::string version;
};

// `version`, or where that is empty the configured one; of a range the newest that is not yanked.
// By what the caller of `g` may read. errc::invalid_argument: there is no such channel, chart or
// version, or nobody says so to this caller; errc::unavailable.
[[nodiscard]] task<result<chart_choice>> choose_chart(deploy_parts const& parts,
                                                      auth::grant const& g,
                                                      service_configuration const& configured,
                                                      std::string version);

}  // namespace pilothouse::deploy
