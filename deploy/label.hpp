// DNS labels (RFC 1123) made of names for people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::deploy {

// Letters in lower case and digits; a hyphen for each run of anything else within. At most
// `bytes_max`; empty where nothing of the name can stay.
[[nodiscard]] std::string label_of(std::string_view name, std::size_t bytes_max);

}  // namespace pilothouse::deploy
