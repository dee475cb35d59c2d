// What a cluster or a chart says, made fit to be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::release::kubernetes {

// One line that check_text() takes: whatever it would not becomes a blank, of several blanks one
// stays; what is too long ends in `…`.
[[nodiscard]] std::string shown(std::string_view text, std::size_t characters_max);

}  // namespace pilothouse::release::kubernetes
