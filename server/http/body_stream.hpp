// A body that comes bit by bit, as things happen, long after its header was sent.
#pragma once

#include "base/task.hpp"

#include <string>

namespace pilothouse::http {

// Made by a handler, then on the connection's core alone, and destroyed there.
class body_stream {
public:
    virtual ~body_stream() = default;
    // The next bytes, as soon as there are some; empty: that was all. Called again when these are
    // sent, and not before: a slow client holds it up. An exception breaks the answer off, so that
    // the client sees that it has not all.
    [[nodiscard]] virtual task<std::string> next() = 0;
    // Nobody wants more: next() returns soon, whatever it waits for. May be called several times.
    virtual void stop() noexcept = 0;
};

}  // namespace pilothouse::http
