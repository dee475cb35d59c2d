#include "release/kubernetes/quantity.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <system_error>

namespace pilothouse::release::kubernetes {

namespace {

struct suffix {
    std::string_view name;
    double factor;
};

constexpr std::array suffixes{
    suffix{"", 1},        suffix{"n", 1e-9},    suffix{"u", 1e-6},    suffix{"m", 1e-3},
    suffix{"k", 1e3},     suffix{"M", 1e6},     suffix{"G", 1e9},     suffix{"T", 1e12},
    suffix{"P", 1e15},    suffix{"E", 1e18},    suffix{"Ki", 0x1p10}, suffix{"Mi", 0x1p20},
    suffix{"Gi", 0x1p30}, suffix{"Ti", 0x1p40}, suffix{"Pi", 0x1p50}, suffix{"Ei", 0x1p60},
};

}  // namespace

std::optional<double> parse_amount(std::string_view text) noexcept {
    if (text.starts_with('+')) text.remove_prefix(1);
    auto const digits = text.starts_with('-') ? text.substr(1) : text;
    bool const numeric =
        !digits.empty() && (ascii::is_digit(digits.front()) || digits.front() == '.');
    if (!numeric) return std::nullopt;  // from_chars would take `inf` and `nan`
    double value = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, wrong] = std::from_chars(text.data(), last, value);
    if (wrong != std::errc()) return std::nullopt;
    auto const rest = text.substr(static_cast<std::size_t>(end - text.data()));
    auto const found = std::find_if(suffixes.begin(), suffixes.end(),
                                    [rest](suffix const& s) { return s.name == rest; });
    if (found == suffixes.end()) return std::nullopt;
    return value * found->factor;
}

bool same_amount(std::string_view a, std::string_view b) noexcept {
    auto const x = parse_amount(a);
    auto const y = parse_amount(b);
    if (!x || !y) return false;
    // Numbers of a chart come to us with the seven digits that Helm leaves them.
    return std::abs(*x - *y) <= 1e-6 * std::max(std::abs(*x), std::abs(*y));
}

}  // namespace pilothouse::release::kubernetes
