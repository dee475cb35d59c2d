#include "server/limit_words.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse {

namespace {

using std::chrono::milliseconds;

struct unit {
    std::string_view name;
    std::int64_t milliseconds;
};
constexpr std::array<unit, 3> units = {{{"s", 1000}, {"m", 60'000}, {"h", 3'600'000}}};
constexpr std::uint32_t count_max = 1'000'000;
constexpr std::int64_t window_max = 24 * 3'600'000;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// The number that the text begins with, and what stands behind it.
std::optional<std::pair<std::int64_t, std::string_view>> leading_number(std::string_view text) {
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    if (error != std::errc() || number < 0) return std::nullopt;
    return std::pair(number, trimmed({end, static_cast<std::size_t>(last - end)}));
}

}  // namespace

std::optional<rate> parse_rate(std::string_view text) {
    auto const count = leading_number(text);
    if (!count || count->first > count_max) return std::nullopt;
    if (count->first == 0 && count->second.empty()) return rate{};
    auto behind = count->second;
    if (!behind.starts_with("per ")) return std::nullopt;
    auto const time = leading_number(trimmed(behind.substr(4)));
    if (!time || time->first == 0) return std::nullopt;
    for (auto const& u : units) {
        if (time->second != u.name || time->first > window_max / u.milliseconds) continue;
        return rate{static_cast<std::uint32_t>(count->first),
                    milliseconds(time->first * u.milliseconds)};
    }
    return std::nullopt;
}

std::string rate_text(rate const& r) {
    if (!r.limits()) return "0";
    auto const* best = &units.front();
    for (auto const& u : units)
        if (r.window.count() % u.milliseconds == 0) best = &u;
    return std::to_string(r.count) + " per " +
           std::to_string(r.window.count() / best->milliseconds) + " " + std::string(best->name);
}

namespace {

std::string text_of(ip_network const& n) {
    int const bits = n.first.v4() ? n.bits - 96 : n.bits;
    bool const one = n.bits == 128;
    return n.first.text() + (one ? "" : "/" + std::to_string(bits));
}

}  // namespace

std::optional<std::vector<ip_network>> parse_networks(std::string_view text) {
    std::vector<ip_network> networks;
    text = trimmed(text);
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto const network = parse_ip_network(trimmed(text.substr(0, comma)));
        if (!network) return std::nullopt;
        networks.push_back(*network);
        text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
    }
    return networks;
}

std::string networks_text(std::vector<ip_network> const& networks) {
    std::string text;
    for (auto const& n : networks) text += (text.empty() ? "" : ", ") + text_of(n);
    return text;
}

}  // namespace pilothouse
