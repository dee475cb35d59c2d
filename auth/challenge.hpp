// What a 401 says of how to do better: the value of WWW-Authenticate.
#pragma once

#include "base/failure.hpp"

#include <string>

namespace pilothouse::auth {

// For conditions other than unauthenticated: empty. A personal token that ended is answered in the
// Bearer form of RFC 6750, 3 (contracts: gitlab A11); everything else as GitLab's packages are
// (contracts: gitlab A10), exactly.
[[nodiscard]] std::string challenge(failure const& why);

}  // namespace pilothouse::auth
