// Accepts on one core: hands each new socket to a connection of its own.
#pragma once

#include "base/descriptor.hpp"
#include "server/http/hub.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <memory>

namespace pilothouse::http {

// All on the hub's core, but for the making.
class acceptor : public std::enable_shared_from_this<acceptor> {
public:
    // `listening` is bound, listening and non-blocking; what is set on it (keep-alive, no delay)
    // its connections inherit.
    acceptor(std::shared_ptr<hub> home, descriptor listening);

    void begin();
    // Takes what already waits, then stops.
    void close();

private:
    enum class outcome : std::uint8_t { taken, none_waits, starved };

    void arm();
    [[nodiscard]] outcome accept_one();
    [[nodiscard]] bool accept_waiting();
    void serve(descriptor socket, std::string peer);
    void turn_away(descriptor socket);
    void shed_one();

    std::shared_ptr<hub> hub_;
    asio::posix::basic_stream_descriptor<executor> listening_;
    descriptor reserve_;    // given up for a moment where no descriptor is left
    bool resting_ = false;  // until the next sweep
};

}  // namespace pilothouse::http
