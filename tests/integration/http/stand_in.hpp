// A listener with a handler that does as the path of each request says.
#pragma once

#include "base/runtime.hpp"
#include "server/http/exchange.hpp"
#include "server/http/listener.hpp"
#include "server/http/response.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::tests {

// What finished() was told of one request.
struct finished_request {
    std::string method;
    std::string path;
    unsigned status = 0;
    std::uint64_t bytes = 0;
    bool complete = false;
    std::string failure;
};

// Without another order, a request's body is read and answered with what was understood of the
// request: "POST /a?b host=h body=3:xyz".
class stand_in final : public http::request_handler {
public:
    // Does not read the body.
    using order = std::function<http::response(http::exchange const&)>;
    void at(std::string path, order o) { orders_[std::move(path)] = std::move(o); }

    task<http::response> handle(http::exchange& x) override;
    http::response word(unsigned status, std::string_view code, std::string_view detail) override;
    void finished(http::exchange const& x,
                  http::request_handler::outcome const& o) noexcept override;

    // Requests of /hold wait until release() is called.
    void release();
    [[nodiscard]] bool wait_for_held(std::size_t count);
    // Waits until as many requests are finished, and returns them all.
    [[nodiscard]] std::vector<finished_request> finished_requests(std::size_t at_least);

private:
    [[nodiscard]] task<http::response> echo(http::exchange& x);
    [[nodiscard]] task<void> hold();

    std::map<std::string, order, std::less<>> orders_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> held_;
    bool released_ = false;
    std::vector<finished_request> finished_;
};

// A listener on a free port, whose limits and files a test chooses.
struct test_listener {
    explicit test_listener(http::limits const& l = {}, std::size_t cores = 2,
                           std::optional<http::tls_files> tls = {},
                           std::string address = "127.0.0.1");

    stand_in handler;
    runtime cores;
    std::unique_ptr<http::listener> listener;

    [[nodiscard]] std::uint16_t port() const { return listener->port(); }
    // Asks the counters until they are as wanted; false: they were not, for some seconds.
    [[nodiscard]] bool becomes(
        std::function<bool(http::connection_counts const&)> const& wanted) const;
};

}  // namespace pilothouse::tests
