// Rates and networks, as the settings write them.
#pragma once

#include "base/ip_address.hpp"
#include "base/rate_table.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse {

// "60 per 1 m": at most 1,000,000 in at most 24 h; "0": no limit. nullopt: neither.
[[nodiscard]] std::optional<rate> parse_rate(std::string_view text);
[[nodiscard]] std::string rate_text(rate const& r);

// "10.0.0.0/8, ::1"; empty: none. nullopt: something is no address or network.
[[nodiscard]] std::optional<std::vector<ip_network>> parse_networks(std::string_view text);
[[nodiscard]] std::string networks_text(std::vector<ip_network> const& networks);

}  // namespace pilothouse
