// Addresses of the Internet Protocol, and networks of them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse {

// IPv4 stands as IPv6 writes it: ::ffff:192.0.2.1 is 192.0.2.1.
struct ip_address {
    std::array<unsigned char, 16> bytes{};

    [[nodiscard]] bool v4() const noexcept;
    [[nodiscard]] std::string text() const;
    friend bool operator==(ip_address const&, ip_address const&) = default;
};

// "192.0.2.1", "2001:db8::1", with or without brackets and a zone (`%eth0`), which is dropped.
[[nodiscard]] std::optional<ip_address> parse_ip_address(std::string_view text);

// What stands for one client where clients are counted: an IPv4 address whole, of an IPv6 address
// the /64, of which whoever has one address has them all. Text that is no address stands for
// itself.
[[nodiscard]] std::string client_network(std::string_view address);

struct ip_network {
    ip_address first;
    int bits = 128;  // of 128, also of IPv4

    [[nodiscard]] bool holds(ip_address const& a) const noexcept;
};

// "10.0.0.0/8", "2001:db8::/32", or one address; nullopt: neither, or bits behind the prefix.
[[nodiscard]] std::optional<ip_network> parse_ip_network(std::string_view text);

}  // namespace pilothouse
