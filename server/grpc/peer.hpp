// The client's address, in gRPC's spelling.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::rpc {

// "192.0.2.1" of `ipv4:192.0.2.1:40812`, "2001:db8::1" of `ipv6:%5B2001:db8::1%5D:40812`; of a
// client of another kind its whole spelling.
[[nodiscard]] std::string address_of(std::string_view peer);

}  // namespace pilothouse::rpc
