// Port: who takes a document to a webhook.
#pragma once

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

#include <chrono>
#include <string>

namespace pilothouse::notify {

struct outgoing {
    std::string url;
    std::string id;  // of the message: the same at each attempt
    instant at;      // of this attempt
    std::string body;
    secret key;  // `whsec_…`
};

struct sent {
    int status = 0;  // of the answer; 0: there was none
    std::chrono::milliseconds duration{0};
    std::string error;  // empty: it was taken
};

class sender {
public:
    virtual ~sender() = default;
    // One attempt, on the core of whoever awaits it; over within bounds, whoever answers. What goes
    // wrong is in the answer, for people.
    [[nodiscard]] virtual task<sent> send(outgoing what) = 0;
};

}  // namespace pilothouse::notify
