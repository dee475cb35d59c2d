#include "client/reach.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace pilothouse::client {

namespace {

namespace ip = boost::asio::ip;
using bytes_v6 = ip::address_v6::bytes_type;

struct block_v4 {
    std::uint32_t first;
    unsigned bits;
};

constexpr block_v4 special_v4[] = {
    {0x00000000, 8},   // 0.0.0.0/8, this network
    {0x0a000000, 8},   // 10.0.0.0/8, private
    {0x64400000, 10},  // 100.64.0.0/10, shared
    {0x7f000000, 8},   // 127.0.0.0/8, loopback
    {0xa9fe0000, 16},  // 169.254.0.0/16, link-local
    {0xac100000, 12},  // 172.16.0.0/12, private
    {0xc0000000, 24},  // 192.0.0.0/24, protocol assignments
    {0xc0000200, 24},  // 192.0.2.0/24, documentation
    {0xc0586300, 24},  // 192.88.99.0/24, 6to4 relays
    {0xc0a80000, 16},  // 192.168.0.0/16, private
    {0xc6120000, 15},  // 198.18.0.0/15, benchmarks
    {0xc6336400, 24},  // 198.51.100.0/24, documentation
    {0xcb007100, 24},  // 203.0.113.0/24, documentation
    {0xe0000000, 4},   // 224.0.0.0/4, multicast
    {0xf0000000, 4},   // 240.0.0.0/4, reserved, and broadcast
};

struct block_v6 {
    std::array<std::uint8_t, 6> first;  // no block here has longer a prefix
    unsigned bits;
};

constexpr block_v6 special_v6[] = {
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48},  // 64:ff9b:1::/48, local translation
    {{0x01, 0x00, 0, 0, 0, 0}, 48},              // 100::/64, discard
    {{0x20, 0x01, 0x00, 0x00, 0, 0}, 23},        // 2001::/23, Teredo and other assignments
    {{0x20, 0x01, 0x0d, 0xb8, 0, 0}, 32},        // 2001:db8::/32, documentation
    {{0x3f, 0xff, 0, 0, 0, 0}, 20},              // 3fff::/20, documentation
    {{0x5f, 0x00, 0, 0, 0, 0}, 16},              // 5f00::/16, segment routing
    {{0xfc, 0x00, 0, 0, 0, 0}, 7},               // fc00::/7, unique local
    {{0xfe, 0x80, 0, 0, 0, 0}, 10},              // fe80::/10, link-local
    {{0xfe, 0xc0, 0, 0, 0, 0}, 10},              // fec0::/10, site-local
    {{0xff, 0x00, 0, 0, 0, 0}, 8},               // ff00::/8, multicast
};

bool public_v4(std::uint32_t address) noexcept {
    return std::none_of(std::begin(special_v4), std::end(special_v4), [&](block_v4 const& b) {
        return address >> (32 - b.bits) == b.first >> (32 - b.bits);
    });
}

bool within(bytes_v6 const& address, block_v6 const& b) noexcept {
    for (unsigned bit = 0; bit < b.bits; ++bit) {
        auto const mask = static_cast<std::uint8_t>(0x80u >> (bit % 8));
        if (((address[bit / 8] ^ b.first[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

std::uint32_t v4_at(bytes_v6 const& address, std::size_t offset) noexcept {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | address[offset + i];
    return value;
}

bool begins_with(bytes_v6 const& address, std::span<std::uint8_t const> prefix) noexcept {
    return std::equal(prefix.begin(), prefix.end(), address.begin());
}

bool public_v6(bytes_v6 const& address) noexcept {
    constexpr std::array<std::uint8_t, 12> compatible{};  // ::/96, :: and ::1 among them
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    constexpr std::array<std::uint8_t, 12> translated{0, 0x64, 0xff, 0x9b};
    constexpr std::array<std::uint8_t, 2> six_to_four{0x20, 0x02};
    if (begins_with(address, compatible)) return false;
    if (begins_with(address, mapped) || begins_with(address, translated))
        return public_v4(v4_at(address, 12));
    if (begins_with(address, six_to_four)) return public_v4(v4_at(address, 2));
    return std::none_of(std::begin(special_v6), std::end(special_v6),
                        [&](block_v6 const& b) { return within(address, b); });
}

}  // namespace

bool is_public(ip::address const& address) noexcept {
    return address.is_v4() ? public_v4(address.to_v4().to_uint())
                           : public_v6(address.to_v6().to_bytes());
}

}  // namespace pilothouse::client
