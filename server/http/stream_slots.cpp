#include "server/http/stream_slots.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace pilothouse::http {

namespace {

// A stream ends when what it tells of is done: nobody knows when, so that to ask often is no use.
constexpr std::uint32_t ask_again_after = 10;  // seconds

}  // namespace

struct stream_slots::table {
    table(std::size_t all, std::size_t one) : in_all(all), of_caller(one) {}

    std::size_t const in_all, of_caller;
    std::mutex mutex;
    std::map<std::string, std::size_t, std::less<>> by_caller;  // none is 0
    std::size_t taken = 0;
};

class stream_slots::slot {
public:
    slot(std::shared_ptr<table> of, std::string caller)
        : of_(std::move(of)), caller_(std::move(caller)) {}
    slot(slot const&) = delete;
    slot& operator=(slot const&) = delete;
    ~slot() {
        std::lock_guard const lock(of_->mutex);
        --of_->taken;
        auto const mine = of_->by_caller.find(caller_);
        if (--mine->second == 0) of_->by_caller.erase(mine);
    }

private:
    std::shared_ptr<table> of_;
    std::string caller_;
};

stream_slots::stream_slots(std::size_t in_all, std::size_t of_caller)
    : table_(std::make_shared<table>(in_all, of_caller)) {}

result<std::shared_ptr<void const>> stream_slots::take(std::string caller) {
    std::lock_guard const lock(table_->mutex);
    if (table_->taken >= table_->in_all)
        return failure(errc::unavailable,
                       "the server has no stream left: ask without Accept: text/event-stream, or "
                       "try again later");
    auto const mine = table_->by_caller.try_emplace(caller, 0).first;
    if (mine->second >= table_->of_caller) {
        failure too_many(errc::throttled,
                         "you have as many streams open as one may have: end one of them first");
        too_many.retry_after = ask_again_after;
        return too_many;
    }
    std::shared_ptr<void const> taken = std::make_shared<slot>(table_, std::move(caller));
    ++mine->second;
    ++table_->taken;
    return taken;
}

std::size_t stream_slots::taken() const {
    std::lock_guard const lock(table_->mutex);
    return table_->taken;
}

}  // namespace pilothouse::http
