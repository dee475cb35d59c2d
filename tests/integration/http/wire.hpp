// The client's end of one connection, byte by byte. No wait is longer than some seconds.
#pragma once

#include "base/descriptor.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::tests {

class wire {
public:
    wire();  // a socket, not yet connected
    // To 127.0.0.1, or to another numeric address.
    explicit wire(std::uint16_t port, std::string const& address = "127.0.0.1",
                  int receive_buffer = 0);
    void connect(std::uint16_t port);

    // False: the server has ended the connection.
    bool send(std::string_view bytes);
    void end_output();
    void reset();  // closes without a farewell

    // What came until `text` was in it, or the end; it is then used up.
    [[nodiscard]] std::string until(std::string_view text);
    // One answer: its head, and as much body as Content-Length says.
    [[nodiscard]] std::string answer();
    [[nodiscard]] std::string answer_head() { return until("\r\n\r\n"); }
    // Everything until the server ends the connection.
    [[nodiscard]] std::string rest();
    // Whether the server has ended the connection, or does within the time allowed; nothing may
    // come before.
    [[nodiscard]] bool ends();
    // Whether nothing has come and the connection stands, now.
    [[nodiscard]] bool stands_silent();
    [[nodiscard]] int native() const { return socket_.get(); }

private:
    bool receive();

    descriptor socket_;
    std::string received_;
};

// The status of an answer's first line; 0 where it has none.
[[nodiscard]] unsigned status_of(std::string_view answer);
// The value of a field in an answer's head; "(none)" where it is absent.
[[nodiscard]] std::string field_of(std::string_view answer, std::string_view name);
[[nodiscard]] std::string body_of(std::string_view answer);

}  // namespace pilothouse::tests
