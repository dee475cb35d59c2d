// Kubernetes' quantities: `100m`, `1Gi`, `2e3`.
#pragma once

#include <optional>
#include <string_view>

namespace pilothouse::release::kubernetes {

// Empty: none.
[[nodiscard]] std::optional<double> parse_amount(std::string_view text) noexcept;
// Whether both are amounts, and the same but for how they are written.
[[nodiscard]] bool same_amount(std::string_view a, std::string_view b) noexcept;

}  // namespace pilothouse::release::kubernetes
