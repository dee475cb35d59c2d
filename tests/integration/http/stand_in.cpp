#include "tests/integration/http/stand_in.hpp"

#include "base/blocking_pool.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace pilothouse::tests {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 20s;

unsigned status_of(failure const& f) {
    switch (condition_of(f.code)) {
        case condition::too_large: return 413;
        case condition::timed_out: return 504;
        case condition::too_slow: return 408;
        case condition::unavailable: return 503;
        default: return 400;
    }
}

}  // namespace

task<http::response> stand_in::handle(http::exchange& x) {
    auto const found = orders_.find(x.head.path);
    if (found != orders_.end()) co_return found->second(x);
    if (x.head.path == "/hold") co_await hold();
    if (x.head.path == "/limit") x.body.limit(10);
    co_return co_await echo(x);
}

task<http::response> stand_in::echo(http::exchange& x) {
    std::string body;
    while (true) {
        auto const piece = co_await x.body.read();
        if (!piece) {
            co_return word(status_of(piece.error()), name_of(piece.error().code),
                           piece.error().detail);
        }
        if (piece->empty()) break;
        body += *piece;
    }
    auto text = std::string(x.head.method_text) + ' ' + std::string(x.head.path);
    if (!x.head.query.empty()) text += '?' + std::string(x.head.query);
    text += " host=" + std::string(x.head.host) + " body=" + std::to_string(body.size()) + ':' +
            body.substr(0, 100);
    co_return http::response(200).body(std::move(text));
}

http::response stand_in::word(unsigned status, std::string_view code, std::string_view detail) {
    return http::response(status)
        .header("Content-Type", "text/plain")
        .body(std::string(code) + ": " + std::string(detail));
}

void stand_in::finished(http::exchange const& x, http::request_handler::outcome const& o) noexcept {
    std::lock_guard lock(mutex_);
    finished_.push_back({.method = std::string(x.head.method_text),
                         .path = std::string(x.head.path),
                         .status = o.status,
                         .bytes = o.bytes,
                         .complete = o.complete,
                         .failure = std::string(o.failure)});
    changed_.notify_all();
}

task<void> stand_in::hold() {
    auto start = [this](resumer<int> resume) {
        std::lock_guard lock(mutex_);
        if (released_) {
            resume(0);
        } else {
            held_.emplace_back([resume] { resume(0); });
        }
        changed_.notify_all();
    };
    co_await suspend_for<int>(std::move(start));
}

void stand_in::release() {
    std::lock_guard lock(mutex_);
    released_ = true;
    for (auto const& resume : held_) resume();
    held_.clear();
}

bool stand_in::wait_for_held(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return held_.size() >= count; });
}

std::vector<finished_request> stand_in::finished_requests(std::size_t at_least) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return finished_.size() >= at_least; });
    return finished_;
}

test_listener::test_listener(http::limits const& l, std::size_t core_count,
                             std::optional<http::tls_files> tls, std::string address)
    : cores(core_count) {
    auto started = http::listener::start({.address = std::move(address), .port = 0}, std::move(tls),
                                         l, cores, handler);
    if (!started) throw std::runtime_error(started.error().detail);
    listener = std::move(*started);
}

bool test_listener::becomes(
    std::function<bool(http::connection_counts const&)> const& wanted) const {
    auto const end = std::chrono::steady_clock::now() + patience;
    while (!wanted(listener->counts())) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace pilothouse::tests
