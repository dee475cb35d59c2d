#include "server/housekeeping.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <string_view>

namespace pilothouse {

namespace {

using namespace std::chrono_literals;

// As `pilothouse gc` spares by default: no push lasts as long.
constexpr std::chrono::seconds grace = 1h;
constexpr std::chrono::milliseconds between_forgetting = 1h;

std::int64_t number(std::uint64_t count) { return static_cast<std::int64_t>(count); }

}  // namespace

task<void> housekeeping::run(housekeeping_times every) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr asio::use_awaitable_t<executor> token{};
    audit_keep_ = every.audit_keep;
    operations_keep_ = every.operations_keep;
    struct chore {
        task<void> (housekeeping::*what)();
        std::chrono::milliseconds every;  // 0: never
        steady::time_point done;
    };
    auto const now = steady::now();
    std::array chores = {
        chore{&housekeeping::tidy_channels, every.retention, now},
        chore{&housekeeping::collect_garbage, every.gc, now},
        chore{&housekeeping::forget_events, std::min(audit_keep_, between_forgetting), now},
        chore{&housekeeping::forget_operations, std::min(operations_keep_, between_forgetting),
              now}};
    while (!stopping_) {
        timer.expires_after(100ms);
        co_await timer.async_wait(token);
        for (auto& c : chores) {
            if (stopping_ || c.every == 0ms || steady::now() - c.done < c.every) continue;
            co_await (this->*c.what)();
            c.done = steady::now();
        }
    }
}

task<void> housekeeping::tidy_channels() {
    try {
        auto const g =
            core_.policy.authorize_on_server(auth::local_operator(), auth::permission::administer)
                .value();
        auto const done = co_await core_.retain_charts.everywhere(g);
        if (done.versions == 0) co_return;
        log_.write(log_level::info, "channels_tidied",
                   {{"channels", number(done.channels)}, {"versions", number(done.versions)}});
    } catch (std::exception const& e) {
        log_.write(log_level::error, "channels_not_tidied",
                   {{"failure", std::string_view(e.what())}});
    }
}

task<void> housekeeping::collect_garbage() {
    try {
        auto const g =
            core_.policy.authorize_on_server(auth::local_operator(), auth::permission::administer)
                .value();
        auto const done = co_await core_.collect_garbage(g, grace, false);
        log_.write(done.errors == 0 ? log_level::info : log_level::error, "garbage_collected",
                   {{"blobs", number(done.blobs_removed)},
                    {"bytes", number(done.bytes_removed)},
                    {"errors", number(done.errors)},
                    {"failure", std::string_view(done.first_error)}});
    } catch (std::exception const& e) {
        log_.write(log_level::error, "garbage_not_collected",
                   {{"failure", std::string_view(e.what())}});
    }
}

task<void> housekeeping::forget_operations() {
    try {
        auto const gone =
            co_await core_.stores->operations().forget(core_.below->time.now() - operations_keep_);
        if (gone > 0)
            log_.write(log_level::info, "operations_forgotten", {{"operations", number(gone)}});
    } catch (std::exception const& e) {
        log_.write(log_level::error, "operations_not_forgotten",
                   {{"failure", std::string_view(e.what())}});
    }
}

task<void> housekeeping::forget_events() {
    try {
        auto const gone =
            co_await core_.stores->audit().forget(core_.below->time.now() - audit_keep_);
        if (gone > 0)
            log_.write(log_level::info, "audit_events_forgotten", {{"events", number(gone)}});
    } catch (std::exception const& e) {
        log_.write(log_level::error, "audit_events_not_forgotten",
                   {{"failure", std::string_view(e.what())}});
    }
}

}  // namespace pilothouse
