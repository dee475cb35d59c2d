#include "server/deploy_rounds.hpp"

#include "deploy/settle_deployments.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <string_view>

namespace pilothouse {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto between_looks_at_the_line = 1s;
constexpr auto between_looks_at_channels = 5s;
constexpr auto between_looks_at_ends = 1min;  // whoever asks about one looks himself

}  // namespace

task<void> deploy_rounds::run() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr asio::use_awaitable_t<executor> token{};
    auto line_next = steady::now();
    auto channels_next = steady::now();
    auto ends_next = steady::now();
    while (!stopping_) {
        timer.expires_after(100ms);
        co_await timer.async_wait(token);
        try {
            if (steady::now() >= line_next) {
                co_await line_.advance();
                line_next = steady::now() + between_looks_at_the_line;
            }
            if (steady::now() >= channels_next) {
                co_await following_.look();
                channels_next = steady::now() + between_looks_at_channels;
            }
            if (steady::now() >= ends_next) {
                co_await deploy::settle_deployments(parts_);
                ends_next = steady::now() + between_looks_at_ends;
            }
        } catch (std::exception const& e) {
            log_.write(log_level::error, "deployments_not_looked_after",
                       {{"failure", std::string_view(e.what())}});
            line_next = channels_next = ends_next = steady::now() + between_looks_at_channels;
        }
    }
}

}  // namespace pilothouse
