#include "base/quantity.hpp"

#include <charconv>

namespace pilothouse {

namespace {

constexpr std::uint64_t greatest = 1ull << 53;

}  // namespace

std::optional<std::uint64_t> parse_quantity(std::string_view text,
                                            std::span<unit const> units) noexcept {
    std::uint64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number > greatest) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    bool const blank = text.starts_with(' ');
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (blank && text.empty()) return std::nullopt;
    for (auto const& u : units)
        if (text == u.name && number <= greatest / u.factor) return number * u.factor;
    return std::nullopt;
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept {
    return parse_quantity(text, byte_units);
}

std::optional<std::chrono::seconds> parse_duration(std::string_view text) noexcept {
    auto const seconds = parse_quantity(text, duration_units);
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(static_cast<std::int64_t>(*seconds));
}

std::string print_quantity(std::uint64_t value, std::span<unit const> units) {
    auto const* best = &units.front();
    for (auto const& u : units)
        if (value != 0 && value % u.factor == 0) best = &u;
    return std::to_string(value / best->factor) + (best->name.empty() ? "" : " ") +
           std::string(best->name);
}

}  // namespace pilothouse
