#include "base/task_group.hpp"

#include <boost/asio/co_spawn.hpp>

#include <atomic>
#include <utility>

namespace pilothouse {

// Shared with every coroutine: whoever waits for the last one may be gone, and the group with it,
// before that one has finished saying so.
struct task_group::state {
    explicit state(std::function<void(std::exception_ptr)> f) : on_error(std::move(f)) {}

    std::function<void(std::exception_ptr)> const on_error;
    std::atomic<std::size_t> running{0};
};

// Held by what runs. It is given back at the coroutine's end, and also where there is none: when
// the coroutine could not be started, or went with its loop.
class task_group::ticket {
public:
    explicit ticket(std::shared_ptr<state> of) : of_(std::move(of)) { of_->running.fetch_add(1); }
    ticket(ticket&& other) noexcept = default;
    ticket& operator=(ticket&& other) = delete;
    ~ticket() { give_back(); }

    void operator()(std::exception_ptr thrown) {
        if (thrown) of_->on_error(std::move(thrown));
        give_back();
    }

private:
    void give_back() noexcept {
        auto const group = std::exchange(of_, nullptr);
        if (group == nullptr) return;
        group->running.fetch_sub(1);
        group->running.notify_all();
    }

    std::shared_ptr<state> of_;
};

task_group::task_group(std::function<void(std::exception_ptr)> on_error)
    : state_(std::make_shared<state>(std::move(on_error))) {}

task_group::~task_group() { wait(); }

void task_group::spawn(executor where, task<void> t) {
    asio::co_spawn(where, std::move(t), ticket(state_));
}

std::size_t task_group::running() const noexcept { return state_->running.load(); }

void task_group::wait() const noexcept {
    auto& running = state_->running;
    for (auto n = running.load(); n != 0; n = running.load()) running.wait(n);
}

}  // namespace pilothouse
