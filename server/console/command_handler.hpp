// Runs a command that came by HTTP, and sends what it says.
#pragma once

#include "server/console/routes.hpp"
#include "server/console/turns.hpp"
#include "server/http/exchange.hpp"
#include "server/http/response.hpp"

namespace pilothouse::console {

// Thread-safe.
class command_handler {
public:
    explicit command_handler(console_parts parts) : parts_(std::move(parts)) {}

    // 200 with the command's answer, refusals of the command included. 409: the caller's program
    // is of another version; 415: not a command; 400, 413: see receive(); 503: too many at once.
    [[nodiscard]] task<http::response> run(http::exchange& x);

private:
    [[nodiscard]] task<http::response> answer_to(http::exchange& x);

    console_parts parts_;
    turns turns_;
};

}  // namespace pilothouse::console
