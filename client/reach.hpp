// Which addresses a request may go to.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace pilothouse::client {

// False for addresses that mean this machine, its networks or nobody: loopback, private,
// link-local, shared, multicast, reserved and documentation ranges (IANA's special-purpose
// registries), and for IPv6 forms that carry such an IPv4 address.
[[nodiscard]] bool is_public(boost::asio::ip::address const& address) noexcept;

}  // namespace pilothouse::client
