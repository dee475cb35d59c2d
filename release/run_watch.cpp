#include "release/run_watch.hpp"

#include "base/utf8.hpp"
#include "release/stop_event.hpp"

#include <exception>
#include <utility>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t told_bytes_max = 1024;

}  // namespace

class run_watch::hand final : public run_control {
public:
    hand(std::shared_ptr<run_watch> watch, bool cancellable)
        : watch_(std::move(watch)), cancellable_(cancellable) {}
    void started(operation_process process) override { watch_->started(process); }
    void said(std::string what, std::string text) override {
        watch_->say(std::move(what), std::move(text));
    }
    [[nodiscard]] int cancel_descriptor() const noexcept override {
        return cancellable_ ? watch_->cancel_descriptor() : watch_->stop_.get();
    }

private:
    std::shared_ptr<run_watch> watch_;
    bool cancellable_;
};

run_watch::run_watch(release_parts const& parts, std::string operation)
    : parts_(parts), operation_(std::move(operation)), cancel_(make_event()), stop_(make_event()) {}

std::shared_ptr<run_control> run_watch::control(bool cancellable) {
    return std::make_shared<hand>(shared_from_this(), cancellable);
}

void run_watch::cancel() noexcept {
    cancelled_ = true;
    raise_event(cancel_);
    woken_.ring();
}

void run_watch::stop() noexcept {
    stopping_ = true;
    raise_event(cancel_);
    raise_event(stop_);
    woken_.ring();
}

void run_watch::started(operation_process process) {
    {
        std::lock_guard lock(mutex_);
        process_ = process;
    }
    told_.ring();
}

void run_watch::say(std::string what, std::string text) {
    cut_text(text, told_bytes_max);
    {
        std::lock_guard lock(mutex_);
        events_.push_back({0, parts_.time.now(), std::move(what), std::move(text)});
    }
    told_.ring();
}

task<void> run_watch::sleep(std::chrono::nanoseconds time) {
    if (stopping_) co_return;
    co_await woken_.wait(time);
}

task<void> run_watch::pump() {
    for (bool last = false; !last;) {
        last = closed_;
        try {
            co_await write_down();
        } catch (std::exception const&) {
            // It was told for people; the operation's end does not depend on it.
        }
        if (!last) co_await told_.wait(1h);
    }
    through_ = true;
    pumped_.ring();
}

task<void> run_watch::write_down() {
    std::vector<storage::operation_event> events;
    std::optional<operation_process> process;
    {
        std::lock_guard lock(mutex_);
        events.swap(events_);
        process.swap(process_);
    }
    if (process) {
        storage::record_change<storage::operation_record> const change =
            [child = *process](storage::operation_record& o) -> result<void> {
            o.process = child;
            return {};
        };
        auto const noted = co_await parts_.operations.note(operation_, change);
        static_cast<void>(noted);  // done already: nobody needs it any more
    }
    if (!events.empty()) co_await parts_.events.append(operation_, std::move(events));
}

task<void> run_watch::close() {
    closed_ = true;
    told_.ring();
    while (!through_) co_await pumped_.wait(1h);
}

}  // namespace pilothouse::release
