#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace pilothouse {

namespace {

constexpr std::array<unsigned char, 12> v4_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr int v4_prefix_bits = 96;
constexpr std::size_t text_max = 63;  // longer is no address, with whatever zone

// The bits of byte `i` that a prefix of `bits` covers.
unsigned char mask(int bits, std::size_t i) noexcept {
    int const left = std::clamp(bits - static_cast<int>(i) * 8, 0, 8);
    return static_cast<unsigned char>(0xFF00 >> left);
}

ip_address cut(ip_address a, int bits) noexcept {
    for (std::size_t i = 0; i < a.bytes.size(); ++i) a.bytes[i] &= mask(bits, i);
    return a;
}

}  // namespace

bool ip_address::v4() const noexcept {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

std::string ip_address::text() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (v4())
        inet_ntop(AF_INET, bytes.data() + v4_prefix.size(), text.data(), text.size());
    else
        inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    return text.data();
}

std::optional<ip_address> parse_ip_address(std::string_view text) {
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    text = text.substr(0, text.find('%'));
    if (text.size() > text_max) return std::nullopt;
    std::string const whole(text);
    if (whole.find('\0') != std::string::npos) return std::nullopt;
    ip_address a;
    if (inet_pton(AF_INET6, whole.c_str(), a.bytes.data()) == 1) return a;
    std::ranges::copy(v4_prefix, a.bytes.begin());
    if (inet_pton(AF_INET, whole.c_str(), a.bytes.data() + v4_prefix.size()) == 1) return a;
    return std::nullopt;
}

std::string client_network(std::string_view address) {
    auto const a = parse_ip_address(address);
    if (!a) return std::string(address);
    if (a->v4()) return a->text();
    return cut(*a, 64).text() + "/64";
}

bool ip_network::holds(ip_address const& a) const noexcept { return cut(a, bits) == first; }

std::optional<ip_network> parse_ip_network(std::string_view text) {
    auto const slash = text.find('/');
    auto const a = parse_ip_address(text.substr(0, slash));
    if (!a) return std::nullopt;
    ip_network n{*a, 128};
    if (slash == std::string_view::npos) return n;
    auto const number = text.substr(slash + 1);
    int bits = -1;
    auto const* const last = number.data() + number.size();
    auto const [end, error] = std::from_chars(number.data(), last, bits);
    int const most = a->v4() ? 32 : 128;
    if (error != std::errc() || end != last || bits < 0 || bits > most) return std::nullopt;
    n.bits = a->v4() ? v4_prefix_bits + bits : bits;
    if (cut(*a, n.bits) != *a) return std::nullopt;
    return n;
}

}  // namespace pilothouse
