#include "base/doorbell.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace pilothouse {

task<executor> this_core() { co_return co_await asio::this_coro::executor; }

struct doorbell::state {
    struct listener {
        executor where;
        std::shared_ptr<asio::steady_timer> sleep;
    };
    std::mutex mutex;
    bool rung = false;
    std::optional<listener> listening;
};

doorbell::doorbell() : state_(std::make_shared<state>()) {}
doorbell::~doorbell() = default;

// The timer is touched, and goes, on the listener's own core alone; and while the lock is held, the
// wait, and with it the core's loop, does not end.
void doorbell::ring() noexcept {
    std::lock_guard lock(state_->mutex);
    state_->rung = true;
    auto awake = std::exchange(state_->listening, std::nullopt);
    if (!awake) return;
    try {
        asio::post(awake->where, [sleep = std::move(awake->sleep)] { sleep->cancel(); });
    } catch (std::exception const&) {
        // Out of memory: the listener wakes when its time is over, and finds the ring.
    }
}

// However the wait ends: a loop that goes before the bell takes its timers along.
struct doorbell::leaving {
    std::shared_ptr<state> from;

    explicit leaving(std::shared_ptr<state> s) : from(std::move(s)) {}
    leaving(leaving const&) = delete;
    leaving& operator=(leaving const&) = delete;
    ~leaving() {
        std::lock_guard lock(from->mutex);
        from->listening.reset();
    }
};

task<bool> doorbell::wait(std::chrono::nanoseconds at_most) {
    auto const core = co_await asio::this_coro::executor;
    auto const kept = state_;
    leaving const at_the_end(kept);
    auto const sleep = std::make_shared<asio::steady_timer>(core);
    {
        std::lock_guard lock(kept->mutex);
        if (std::exchange(kept->rung, false)) co_return true;
        sleep->expires_after(at_most);
        kept->listening.emplace(core, sleep);
    }
    boost::system::error_code woken;
    constexpr asio::use_awaitable_t<executor> token{};
    co_await sleep->async_wait(asio::redirect_error(token, woken));
    std::lock_guard lock(kept->mutex);
    co_return std::exchange(kept->rung, false);
}

}  // namespace pilothouse
