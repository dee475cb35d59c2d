#include "tests/support/http_client.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pilothouse::tests {

namespace {

constexpr int patience_ms = 20'000;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    });
    return text;
}

}  // namespace

std::string http_reply::header(std::string const& lower_case_name) const {
    auto const found = headers.find(lower_case_name);
    return found == headers.end() ? std::string() : found->second;
}

http_client::http_client(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr const*>(&where), sizeof where) != 0)
        throw std::runtime_error("no connection to the test server");
}

http_client::~http_client() { ::close(socket_); }

void http_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return;  // the server ended it: the reply, if any, says why
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

bool http_client::fill() {
    pollfd p{socket_, POLLIN, 0};
    if (::poll(&p, 1, patience_ms) <= 0) return false;
    char piece[65536];
    auto const n = ::recv(socket_, piece, sizeof piece, 0);
    if (n <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(n));
    return true;
}

http_reply http_client::receive_head() {
    http_reply reply;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return reply;
    }
    std::string const head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = static_cast<unsigned>(std::strtoul(head.c_str() + 9, nullptr, 10));
    for (std::size_t at = head.find("\r\n") + 2; at < head.size();) {
        auto const line = head.substr(at, head.find("\r\n", at) - at);
        at += line.size() + 2;
        auto const colon = line.find(": ");
        reply.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    }
    return reply;
}

http_reply http_client::receive(bool to_head) {
    auto reply = receive_head();
    auto const status = std::exchange(reply.status, 0);
    if (status == 0) return reply;
    if (status == 100) return receive(to_head);
    std::size_t const length = std::strtoul(reply.header("content-length").c_str(), nullptr, 10);
    if (!to_head && status != 204 && status != 304) {
        while (buffer_.size() < length) {
            if (!fill()) return reply;
        }
        reply.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
    }
    reply.status = status;
    return reply;
}

http_reply http_client::request(std::string_view method, std::string_view target,
                                http_headers const& headers, std::string_view body) {
    std::string head =
        std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
    for (auto const& [name, value] : headers) head += name + ": " + value + "\r\n";
    if (!body.empty()) head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(head + "\r\n");
    send(body);
    return receive(method == "HEAD");
}

bool http_client::ended() {
    while (fill()) {
    }
    return buffer_.empty();
}

std::string basic(std::string const& user, std::string const& password) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    auto const text = user + ":" + password;
    std::string encoded;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j)
            group =
                group << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j)
            encoded += i + j <= text.size() ? digits[group >> (18 - 6 * j) & 63] : '=';
    }
    return "Basic " + encoded;
}

std::string form_body(std::vector<form_field> const& fields) {
    std::string body;
    for (auto const& f : fields) {
        body += "--a-boundary\r\nContent-Disposition: form-data; name=\"" + f.name + "\"";
        if (!f.file_name.empty())
            body += "; filename=\"" + f.file_name + "\"\r\nContent-Type: application/octet-stream";
        body += "\r\n\r\n" + f.content + "\r\n";
    }
    return body + "--a-boundary--\r\n";
}

}  // namespace pilothouse::tests
