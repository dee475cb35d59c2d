#include "storage/quota.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace pilothouse::storage {

namespace {

std::uint64_t number_in(std::optional<std::string> const& text) {
    std::uint64_t value = 0;
    if (!text) return 0;
    auto const* const last = text->data() + text->size();
    auto const [end, error] = std::from_chars(text->data(), last, value);
    return error == std::errc() && end == last ? value : 0;
}

bool exceeds(std::uint64_t limit, std::uint64_t before, std::uint64_t after) {
    return limit != 0 && after > limit && after > before;
}

failure full(std::string const& holds, std::string const& wanted, std::string const& what) {
    return {errc::quota_full,
            "the project's quota is full: it holds " + holds + ", and with this " + wanted +
                ". Remove versions, let retention rules remove them, or ask an administrator to "
                "raise its quota of " +
                what};
}

}  // namespace

quota quota_in_force(quota_choice const& chosen, std::optional<std::string> const& bytes_setting,
                     std::optional<std::string> const& versions_setting) {
    return {chosen.bytes ? *chosen.bytes : number_in(bytes_setting),
            chosen.versions ? *chosen.versions : number_in(versions_setting)};
}

result<void> check_quota(quota const& limit, project_use before, project_use after) {
    if (exceeds(limit.versions, before.versions, after.versions))
        return full(
            std::to_string(before.versions) + " of " + std::to_string(limit.versions) + " versions",
            "would hold " + std::to_string(after.versions), "versions");
    if (exceeds(limit.bytes, before.bytes, after.bytes))
        return full(bytes_in_words(before.bytes) + " of " + bytes_in_words(limit.bytes),
                    "would hold " + bytes_in_words(after.bytes), "bytes");
    return {};
}

std::string bytes_in_words(std::uint64_t bytes) {
    constexpr std::array units = {" bytes", " KiB", " MiB", " GiB", " TiB", " PiB"};
    std::size_t unit = 0;
    auto scaled = static_cast<double>(bytes);
    while (scaled >= 1024 && unit + 1 < units.size()) {
        scaled /= 1024;
        ++unit;
    }
    std::array<char, 32> text{};
    bool const whole = scaled == static_cast<double>(static_cast<std::uint64_t>(scaled));
    int const length =
        std::snprintf(text.data(), text.size(), whole ? "%.0f%s" : "%.2f%s", scaled, units[unit]);
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace pilothouse::storage
