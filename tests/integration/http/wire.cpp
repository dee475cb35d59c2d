#include "tests/integration/http/wire.hpp"

#include "server/http/request_head.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <memory>
#include <stdexcept>

namespace pilothouse::tests {
namespace {

constexpr int patience_ms = 20'000;

// Takes no descriptor: there may be none.
void connect_to(int socket, sockaddr const* address, socklen_t length) {
    if (::connect(socket, address, length) != 0) {
        throw std::runtime_error("no connection to the listener");
    }
    int const at_once = 1;  // what is sent in two parts shall not arrive as one
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
}

}  // namespace

wire::wire() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}

void wire::connect(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connect_to(socket_.get(), reinterpret_cast<sockaddr const*>(&address), sizeof address);
}

wire::wire(std::uint16_t port, std::string const& address, int receive_buffer) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
        throw std::runtime_error("no such address: " + address);
    }
    std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> const at(found, &::freeaddrinfo);
    socket_ = descriptor(::socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receive_buffer > 0) {
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    connect_to(socket_.get(), at->ai_addr, at->ai_addrlen);
}

bool wire::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

void wire::end_output() { ::shutdown(socket_.get(), SHUT_WR); }

void wire::reset() {
    linger const none{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    socket_.reset();
}

bool wire::receive() {
    pollfd p{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&p, 1, patience_ms) <= 0) throw std::runtime_error("the listener stays silent");
    std::array<char, 65536> piece;
    auto const n = ::recv(socket_.get(), piece.data(), piece.size(), 0);
    if (n <= 0) return false;
    received_.append(piece.data(), static_cast<std::size_t>(n));
    return true;
}

std::string wire::until(std::string_view text) {
    while (received_.find(text) == std::string::npos) {
        if (!receive()) return std::exchange(received_, {});
    }
    auto const end = received_.find(text) + text.size();
    auto const found = received_.substr(0, end);
    received_.erase(0, end);
    return found;
}

std::string wire::answer() {
    auto all = answer_head();
    auto const length_text = field_of(all, "Content-Length");
    std::size_t length = 0;
    std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    while (received_.size() < length) {
        if (!receive()) break;
    }
    all += received_.substr(0, length);
    received_.erase(0, length);
    return all;
}

std::string wire::rest() {
    while (receive()) {
    }
    return std::exchange(received_, {});
}

bool wire::ends() { return received_.empty() && !receive(); }

bool wire::stands_silent() {
    pollfd p{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    return received_.empty() && ::poll(&p, 1, 0) == 0;
}

unsigned status_of(std::string_view answer) {
    unsigned status = 0;
    if (answer.starts_with("HTTP/1.1 ")) {
        std::from_chars(answer.data() + 9, answer.data() + answer.size(), status);
    }
    return status;
}

std::string field_of(std::string_view answer, std::string_view name) {
    auto head = answer.substr(0, answer.find("\r\n\r\n"));
    while (head.find("\r\n") != std::string_view::npos) {
        head.remove_prefix(head.find("\r\n") + 2);
        auto const line = head.substr(0, head.find("\r\n"));
        auto const colon = line.find(": ");
        if (colon != std::string_view::npos &&
            http::equal_ignoring_case(line.substr(0, colon), name)) {
            return std::string(line.substr(colon + 2));
        }
    }
    return "(none)";
}

std::string body_of(std::string_view answer) {
    auto const end = answer.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string() : std::string(answer.substr(end + 4));
}

}  // namespace pilothouse::tests
