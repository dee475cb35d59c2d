#include "base/task_group.hpp"

#include <boost/asio/co_spawn.hpp>

namespace pilothouse {

task_group::task_group(std::function<void(std::exception_ptr)> on_error)
    : on_error_(std::move(on_error)) {}

task_group::~task_group() { wait(); }

void task_group::spawn(executor where, task<void> t) {
    running_.fetch_add(1);
    asio::co_spawn(where, std::move(t), [this](std::exception_ptr thrown) {
        if (thrown) on_error_(thrown);
        running_.fetch_sub(1);
        running_.notify_all();
    });
}

void task_group::wait() const noexcept {
    for (auto n = running_.load(); n != 0; n = running_.load()) running_.wait(n);
}

}  // namespace pilothouse
