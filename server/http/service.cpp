#include "server/http/service.hpp"

#include "server/http/hub.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace pilothouse::http {

// An exception that leaves a connection (memory is out) ends that connection alone.
service::service(http::limits const& l, request_handler& answers)
    : limits(l), handler(answers), connections([](std::exception_ptr) {}) {}

service::~service() = default;

std::shared_ptr<tls_context const> service::tls() const {
    std::lock_guard lock(mutex_);
    return tls_;
}

void service::replace_tls(std::shared_ptr<tls_context const> fresh) {
    std::lock_guard lock(mutex_);
    tls_.swap(fresh);
}

bool service::make_room(hub& here) {
    std::size_t open = 0;
    for (auto const& h : hubs) open += h->open();
    if (open < limits.connections) return true;

    auto const oldest =
        *std::ranges::min_element(hubs, {}, [](auto const& h) { return h->oldest_idle(); });
    if (oldest->oldest_idle() == hub::nobody_idle) return false;
    if (oldest.get() == &here) return here.evict_oldest();
    // Should it be busy by the time the other core looks, there is one connection too many until
    // another ends: better than to wait here.
    asio::post(oldest->where(), [oldest] { (void)oldest->evict_oldest(); });
    return true;
}

connection_counts service::counts() const noexcept {
    connection_counts sum;
    for (auto const& h : hubs) {
        auto const& tally = h->tally();
        sum.accepted += tally.accepted;
        sum.open += h->open();
        sum.idle += tally.idle;
        sum.evicted += tally.evicted;
        sum.refused += tally.refused;
        sum.starved += tally.starved;
        sum.timed_out += tally.timed_out;
        sum.malformed += tally.malformed;
    }
    return sum;
}

}  // namespace pilothouse::http
