// Answers as a test tells it to, through TLS, and remembers what it was asked.
#pragma once

#include "tests/integration/kubernetes/authority.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::tests {

struct asked {
    std::string method, target, authorization, accept, body;
    std::string client_name;  // of the client's certificate
    std::string server_name;  // that the client asked for
    std::string body_form;    // Content-Type

    [[nodiscard]] std::string line() const { return method + " " + target; }
};

struct told {
    unsigned status = 200;
    std::string body;
    std::string fields = {};  // whole lines
};

// One connection after the other, one request each.
class fake_api_server {
public:
    using answerer = std::function<told(asked const&)>;

    // `own` is its certificate; clients' are those that `clients` signed.
    fake_api_server(key_pair own, std::string clients_pem, answerer answer);
    ~fake_api_server();
    fake_api_server(fake_api_server const&) = delete;
    fake_api_server& operator=(fake_api_server const&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Everything so far; ends the server.
    [[nodiscard]] std::vector<asked> stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::tests
