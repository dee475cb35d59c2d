// Numbers with a unit, as people write them: `64 KiB`, `10MiB`, `90 s`, `30d`.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pilothouse {

// What one of it is, in the smallest of its kind. An empty name: that of a plain number.
struct unit {
    std::string_view name;
    std::uint64_t factor;
};

inline constexpr std::array<unit, 4> byte_units = {
    {{"", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}}};
// In seconds. A plain number is one of seconds.
inline constexpr std::array<unit, 5> duration_units = {
    {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}}};

// The same where a plain number could be taken for something else: it needs its letter.
inline constexpr std::span<unit const> lettered_duration_units =
    std::span(duration_units).subspan(1);

// With or without blanks between number and unit. Empty: no number, an unknown unit, or more than
// 2^53, beyond which a number does not survive JSON.
[[nodiscard]] std::optional<std::uint64_t> parse_quantity(std::string_view text,
                                                          std::span<unit const> units) noexcept;
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept;
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text) noexcept;

// In the largest unit that leaves no rest.
[[nodiscard]] std::string print_quantity(std::uint64_t value, std::span<unit const> units);

}  // namespace pilothouse
