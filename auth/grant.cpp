#include "auth/grant.hpp"

#include <algorithm>
#include <stdexcept>

namespace pilothouse::auth {

void grant::expect(std::initializer_list<permission> any_of) const {
    if (std::ranges::find(any_of, what_) == any_of.end())
        throw std::logic_error("a use case was called with a grant for something else");
}

}  // namespace pilothouse::auth
