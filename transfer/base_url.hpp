// An index whose archives are elsewhere than beside it.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::transfer {

// An index as the server renders it, in either of its forms, with `base` and a slash in front of
// every URL. `base` has nothing that would have to be escaped in a quoted string.
[[nodiscard]] std::string with_base_url(std::string_view index, std::string_view base);

}  // namespace pilothouse::transfer
