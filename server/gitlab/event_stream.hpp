// The events of an operation as they happen: server-sent events (the HTML standard, 9.2).
#pragma once

#include "auth/grant.hpp"
#include "base/doorbell.hpp"
#include "release/read_releases.hpp"
#include "server/http/body_stream.hpp"
#include "server/http/exchange.hpp"
#include "server/http/response.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::gitlab {

inline constexpr std::string_view event_stream_type = "text/event-stream";
// A client that shows this as its Last-Event-ID has seen everything.
inline constexpr std::string_view last_message_id = "done";

// A message for each event, `done` with the operation when that is so, and nothing behind it. Ends
// without `done` when the caller loses the right to see it, or the operation is forgotten.
class event_stream final : public http::body_stream {
public:
    struct times {
        std::chrono::milliseconds between_looks{1'000};
        std::chrono::milliseconds keep_alive{15'000};  // a comment, where nothing else was sent
    };
    struct parts {
        release::read_releases& read;
        auth::grant grant;
        http::doorkeeper::question again;  // asked at each comment; null: the grant is for good
        std::shared_ptr<void const> slot;  // held as long as this
        event_stream::times times;
    };
    // Tells the events behind the number `after`.
    event_stream(parts p, std::string operation, std::int64_t after);

    [[nodiscard]] task<std::string> next() override;
    void stop() noexcept override;

private:
    using steady = std::chrono::steady_clock;

    [[nodiscard]] task<std::string> news();
    [[nodiscard]] task<bool> still_let_in();

    parts parts_;
    std::string operation_;
    std::int64_t after_;
    bool over_ = false;  // nothing more is told
    bool stopped_ = false;
    steady::time_point asked_ = steady::now();
    doorbell stop_bell_;
};

// 200, for clients and proxies that shall keep nothing of it back.
[[nodiscard]] http::response stream_answer(std::shared_ptr<http::body_stream> events);

}  // namespace pilothouse::gitlab
