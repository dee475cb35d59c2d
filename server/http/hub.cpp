#include "server/http/hub.hpp"

#include "base/clock.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"
#include "server/http/connection.hpp"
#include "server/http/service.hpp"

#include <fmt/compile.h>

#include <iterator>

namespace pilothouse::http {
namespace {

// For the answer to an upload that was open when the time to drain was over.
constexpr hub::tick last_words = 4;
constexpr std::size_t spare_workspaces = 64;  // kept for the next requests; the rest is freed

}  // namespace

hub::hub(service& all, asio::io_context& core)
    : all_(all),
      core_(core),
      timer_(core.get_executor()),
      bounds_{.header_bytes = all.limits.header_bytes,
              .target_bytes = all.limits.target_bytes,
              .fields = all.limits.fields},
      id_prefix_(to_hex(random_bytes(8))) {}

void hub::begin() { arm(); }

void hub::arm() {
    timer_.expires_after(sweep_period);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code) {
        if (self->ended_) return;
        self->sweep();
        self->arm();
    });
}

void hub::sweep() {
    ++now_;
    bool const out_of_time = draining_ && now_ >= drained_by_;
    for (connection* c : busy_) {
        if (out_of_time && now_ >= drained_by_ + last_words) {
            c->cut_off();
        } else if (out_of_time && !c->out_of_time()) {
            c->last_call();
        } else {
            c->sweep(now_);
        }
    }
    for (connection* c : idle_) {
        // All have the same time to be idle: the first that still may be is not the last.
        if (!c->sweep(now_)) break;
    }
    if (at_each_sweep_) at_each_sweep_();
}

bool hub::stopping() const noexcept { return all_.stopping.load(std::memory_order_relaxed); }

void hub::begin_stop() {
    draining_ = true;
    drained_by_ = after(all_.limits.drain_time);
    for (connection* c : idle_) c->wake();
    for (connection* c : busy_) c->end_stream();
}

void hub::end() {
    ended_ = true;
    at_each_sweep_ = nullptr;
    timer_.cancel();
}

hub::tick hub::after(std::chrono::milliseconds from_now) const noexcept {
    // One more: the sweep that comes next may come at once.
    return now_ + 1 +
           static_cast<tick>((from_now + sweep_period).count() - 1) /
               static_cast<tick>(sweep_period.count());
}

std::string_view hub::date() {
    auto const second = std::time(nullptr);
    if (second != date_second_) {
        date_second_ = second;
        date_ = to_http_date(instant(std::chrono::seconds(second)));
    }
    return date_;
}

void hub::make_request_id(std::string& into) {
    into.assign(id_prefix_);
    fmt::format_to(std::back_inserter(into), FMT_COMPILE("{:016x}"), next_id_++);
}

std::unique_ptr<workspace> hub::lend() {
    if (spare_.empty()) return std::make_unique<workspace>(bounds_);
    auto lent = std::move(spare_.back());
    spare_.pop_back();
    return lent;
}

void hub::take_back(std::unique_ptr<workspace> lent) {
    lent->head.replace({});  // what one connection left unread is nothing to the next
    if (spare_.size() < spare_workspaces) spare_.push_back(std::move(lent));
}

void hub::enter(connection& c) {
    open_.fetch_add(1, std::memory_order_relaxed);
    c.place = busy_.insert(busy_.end(), &c);
}

void hub::leave(connection& c) {
    if (!c.evicted()) open_.fetch_sub(1, std::memory_order_relaxed);
    busy_.erase(c.place);
}

void hub::idle(connection& c) {
    idle_.splice(idle_.end(), busy_, c.place);
    publish_idle();
}

void hub::busy(connection& c) {
    busy_.splice(busy_.end(), idle_, c.place);
    publish_idle();
}

// For the other cores, when they look for the connection that has been idle longest.
void hub::publish_idle() noexcept {
    oldest_idle_.store(idle_.empty() ? nobody_idle : idle_.front()->idle_since(),
                       std::memory_order_relaxed);
    tally_.idle.store(idle_.size(), std::memory_order_relaxed);
}

bool hub::evict_oldest() {
    if (idle_.empty()) return false;
    connection& oldest = *idle_.front();
    busy(oldest);
    oldest.evict();
    open_.fetch_sub(1, std::memory_order_relaxed);
    tally_.evicted.fetch_add(1, std::memory_order_relaxed);
    return true;
}

}  // namespace pilothouse::http
