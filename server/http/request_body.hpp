// The body of one request, read from its connection.
#pragma once

#include "server/http/exchange.hpp"
#include "server/http/workspace.hpp"

#include <cstdint>
#include <optional>

namespace pilothouse::http {

class connection;

// Lives as long as its exchange. What came with the header is read first.
class request_body final : public body_source {
public:
    request_body(connection& from, workspace& work);

    [[nodiscard]] task<result<std::string_view>> read() override;
    void limit(std::uint64_t bytes) override { limit_ = bytes; }

    [[nodiscard]] bool finished() const noexcept { return finished_; }  // all of it was read
    // Whether the rest can be read and dropped at small cost, so that the connection may go on.
    [[nodiscard]] bool worth_draining() const noexcept;
    // Reads and drops the rest; false: the connection cannot go on.
    [[nodiscard]] task<bool> drain();
    // When finished and nobody looks at the header any more: makes work.head begin with what came
    // behind the body, which belongs to the next request.
    void settle() noexcept;

private:
    [[nodiscard]] task<result<std::string_view>> read_piece();
    [[nodiscard]] task<std::optional<failure>> receive();
    [[nodiscard]] task<bool> invite();
    void begin();

    connection& from_;
    workspace& work_;
    request_head const& head_;
    std::uint64_t limit_ = 0;
    std::uint64_t given_ = 0;
    std::size_t turn_ = 0;  // bytes received since others had theirs
    std::optional<failure> failed_;
    bool begun_ = false;
    bool finished_;
};

}  // namespace pilothouse::http
