#include "server/limit_words.hpp"

#include "base/quantity.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace pilothouse {

namespace {

// s, m, h.
constexpr std::span<unit const> units = lettered_duration_units.first(3);
constexpr std::uint32_t count_max = 1'000'000;
constexpr std::uint64_t window_max = 24 * 3'600;  // in seconds

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
    auto const window = parse_quantity(trimmed(behind.substr(4)), units);
    if (!window || *window == 0 || *window > window_max) return std::nullopt;
    return rate{static_cast<std::uint32_t>(count->first),
                std::chrono::seconds(static_cast<std::int64_t>(*window))};
}

std::string rate_text(rate const& r) {
    if (!r.limits()) return "0";
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(r.window).count();
    return std::to_string(r.count) + " per " +
           print_quantity(static_cast<std::uint64_t>(seconds), units);
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
