// One operation while it runs: who wants it to end, and what is told of it.
#pragma once

#include "base/descriptor.hpp"
#include "base/doorbell.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/release_parts.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::release {

// Thread-safe but for sleep() and pump(). What the child's threads tell is written down by pump(),
// on the runner's own core, in order.
class run_watch : public std::enable_shared_from_this<run_watch> {
public:
    run_watch(release_parts const& parts, std::string operation);

    // What an engine is handed. One that is not cancellable ends at the server's end alone.
    [[nodiscard]] std::shared_ptr<run_control> control(bool cancellable);

    void cancel() noexcept;  // a caller wants that
    void stop() noexcept;    // the server ends
    [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }

    // Readable as soon as a caller or the server's end wants the operation to end.
    [[nodiscard]] int cancel_descriptor() const noexcept { return cancel_.get(); }

    void say(std::string what, std::string text);

    // Shorter where somebody wants the operation to end.
    [[nodiscard]] task<void> sleep(std::chrono::nanoseconds time);

    // Runs beside the operation, until close() and all is written.
    [[nodiscard]] task<void> pump();
    // Returns when pump() is through.
    [[nodiscard]] task<void> close();

private:
    class hand;
    void started(operation_process process);
    [[nodiscard]] task<void> write_down();

    release_parts const& parts_;
    std::string operation_;
    descriptor cancel_, stop_;  // eventfd
    std::atomic<bool> cancelled_ = false, stopping_ = false, closed_ = false, through_ = false;
    doorbell told_, pumped_, woken_;
    std::mutex mutex_;
    std::optional<operation_process> process_;
    std::vector<storage::operation_event> events_;
};

}  // namespace pilothouse::release
