#include "registry/width_rule.hpp"

#include "registry/directory_names.hpp"

#include <string>

namespace pilothouse::registry {

result<void> check_width(storage::visibility wanted, storage::visibility of_group) {
    if (wanted <= of_group) return {};
    return failure(errc::invalid_argument, std::string(name_of(wanted)) + " is not allowed in a " +
                                               std::string(name_of(of_group)) + " group.");
}

}  // namespace pilothouse::registry
