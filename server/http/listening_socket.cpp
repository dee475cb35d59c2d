#include "server/http/listening_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <cerrno>
#include <memory>
#include <string>

namespace pilothouse::http {
namespace {

using address_list = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string name_of(listen_address const& where) {
    bool const v6 = where.address.find(':') != std::string::npos;
    return (v6 ? "[" + where.address + "]" : where.address) + ":" + std::to_string(where.port);
}

boost::system::error_code last_error() { return {errno, boost::system::generic_category()}; }

failure cannot_listen(listen_address const& where, boost::system::error_code error) {
    namespace errc = boost::system::errc;
    std::string why = error.message();
    if (error == errc::address_in_use)
        why = "another program listens there; stop it or choose another port";
    if (error == errc::permission_denied) why = "no right to this port; choose one above 1023";
    if (error == errc::address_not_available) why = "this machine has no such address";
    return failure(pilothouse::errc::unavailable,
                   "cannot listen at " + name_of(where) + ": " + why);
}

void set(descriptor const& socket, int level, int option, int value) {
    ::setsockopt(socket.get(), level, option, &value, sizeof value);
}

// What accepted sockets inherit. A peer that vanished is found within a minute.
void prepare(descriptor const& socket) {
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, 30);
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, 10);
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
}

boost::system::result<descriptor> bind_to(addrinfo const& at, bool shared) {
    descriptor socket(::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return last_error();
    set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
    if (shared) set(socket, SOL_SOCKET, SO_REUSEPORT, 1);
    if (at.ai_family == AF_INET6) set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (::bind(socket.get(), at.ai_addr, at.ai_addrlen) != 0) return last_error();
    return socket;
}

std::uint16_t& port_of(sockaddr* address) {
    return address->sa_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(address)->sin6_port
                                          : reinterpret_cast<sockaddr_in*>(address)->sin_port;
}

// Never null where it is good.
result<address_list> resolve(listen_address const& where) {
    addrinfo hints{};
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    auto const service = std::to_string(where.port);
    if (int const e = ::getaddrinfo(where.address.c_str(), service.c_str(), &hints, &found)) {
        return failure(errc::unavailable,
                       "cannot listen at " + name_of(where) + ": " + ::gai_strerror(e));
    }
    return address_list(found, &::freeaddrinfo);
}

}  // namespace

result<void> try_address(listen_address const& where) {
    PILOTHOUSE_TRY(auto const at, resolve(where));
    auto const probe = bind_to(*at, false);
    bool const taken = !probe && probe.error() == boost::system::errc::address_in_use;
    if (probe || taken) return {};
    return cannot_listen(where, probe.error());
}

result<listening_sockets> listen_at(listen_address const& where, std::size_t count) {
    PILOTHOUSE_TRY(auto const at, resolve(where));

    // Sockets that share a port would also share it with another server of the same user; one that
    // does not share finds out.
    if (where.port != 0) {
        auto const probe = bind_to(*at, false);
        if (!probe) return cannot_listen(where, probe.error());
    }
    listening_sockets made;
    while (made.sockets.size() < count) {
        auto socket = bind_to(*at, true);
        if (!socket) return cannot_listen(where, socket.error());
        prepare(*socket);
        if (::listen(socket->get(), SOMAXCONN) != 0) return cannot_listen(where, last_error());
        // The port that the first one was given is everybody's.
        socklen_t length = at->ai_addrlen;
        if (::getsockname(socket->get(), at->ai_addr, &length) != 0) {
            return cannot_listen(where, last_error());
        }
        made.sockets.push_back(std::move(*socket));
    }
    made.port = ntohs(port_of(at->ai_addr));
    return made;
}

}  // namespace pilothouse::http
