// What the connections of one core share: the clock that ends them, memory lent to requests, and
// the order in which they are idle.
#pragma once

#include "base/task.hpp"
#include "server/http/listener.hpp"
#include "server/http/workspace.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <limits>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::http {

class connection;
class service;

// Everything runs on the hub's core, except where it says otherwise.
class hub : public std::enable_shared_from_this<hub> {
public:
    // Time in sweeps, four a second. It stands still while the core does: a stopped process does
    // not find all its clients late when it goes on.
    using tick = std::uint64_t;
    static constexpr std::chrono::milliseconds sweep_period{250};

    hub(service& all, asio::io_context& core);

    [[nodiscard]] http::service& all() noexcept { return all_; }
    [[nodiscard]] executor where() const noexcept { return core_.get_executor(); }

    void begin();  // sweeping
    // Called at each sweep, until end().
    void at_each_sweep(std::function<void()> then) { at_each_sweep_ = std::move(then); }
    // Idle connections end now, busy ones after their answer, streams where they are. After
    // limits::drain_time, uploads still open are answered 503, and a second later all that is left
    // ends.
    void begin_stop();
    [[nodiscard]] bool stopping() const noexcept;
    void end();  // no connection is left: stops sweeping

    // The first sweep that is at least `from_now` away.
    [[nodiscard]] tick after(std::chrono::milliseconds from_now) const noexcept;

    // The value of Date, made once a second.
    [[nodiscard]] std::string_view date();
    // 32 hexadecimal digits, never the same twice: half random for each core, half counted. A name
    // to find a request by, not a secret: who has seen one can tell the next.
    void make_request_id(std::string& into);

    [[nodiscard]] std::unique_ptr<workspace> lend();
    void take_back(std::unique_ptr<workspace> lent);

    // A connection is entered once, then idle or busy, then left.
    void enter(connection& c);
    void leave(connection& c);
    void idle(connection& c);
    void busy(connection& c);

    using place = std::list<connection*>::iterator;
    // Ends the connection that has been idle longest; false where none is.
    bool evict_oldest();

    static constexpr std::int64_t nobody_idle = std::numeric_limits<std::int64_t>::max();
    // Since when, on the steady clock. Any thread.
    [[nodiscard]] std::int64_t oldest_idle() const noexcept { return oldest_idle_; }
    // Any thread. Without those that were told to make room.
    [[nodiscard]] std::size_t open() const noexcept { return open_; }

    // Written on this core, read anywhere.
    struct counters {
        std::atomic<std::uint64_t> accepted{0}, idle{0}, evicted{0}, refused{0}, starved{0},
            timed_out{0}, malformed{0};
    };
    [[nodiscard]] counters& tally() noexcept { return tally_; }

private:
    void sweep();
    void arm();
    void publish_idle() noexcept;

    using timer =
        asio::basic_waitable_timer<std::chrono::steady_clock,
                                   asio::wait_traits<std::chrono::steady_clock>, executor>;

    service& all_;
    asio::io_context& core_;
    timer timer_;
    std::function<void()> at_each_sweep_;
    tick now_ = 0;
    tick drained_by_ = 0;
    bool draining_ = false;
    bool ended_ = false;

    std::list<connection*> idle_;  // the longest idle first
    std::list<connection*> busy_;
    std::atomic<std::int64_t> oldest_idle_{nobody_idle};
    std::atomic<std::size_t> open_{0};
    counters tally_;

    request_parser::bounds bounds_;
    std::vector<std::unique_ptr<workspace>> spare_;
    std::time_t date_second_ = 0;
    std::string date_;
    std::string id_prefix_;
    std::uint64_t next_id_ = 0;
};

}  // namespace pilothouse::http
