// Sockets that listen: several on one port, one a core.
#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "server/http/listener.hpp"

#include <cstddef>
#include <vector>

namespace pilothouse::http {

struct listening_sockets {
    std::vector<descriptor> sockets;
    std::uint16_t port = 0;
};

// Binds `count` sockets to one address and port, among which the kernel shares connections out
// (SO_REUSEPORT). errc::unavailable: no such address, no right to the port, or it is taken, be it
// by another of our own kind.
[[nodiscard]] result<listening_sockets> listen_at(listen_address const& where, std::size_t count);

// Whether listen_at() would do, by a socket that is bound, takes nobody in, and is gone at once.
// errc::unavailable as above; a port that is taken is none of it: perhaps our own server has it.
[[nodiscard]] result<void> try_address(listen_address const& where);

}  // namespace pilothouse::http
