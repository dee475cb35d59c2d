#include "client/off_switch.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace pilothouse::client {

void off_switch::press() noexcept try {
    std::lock_guard const lock(mutex_);
    pressed_ = true;
    for (auto const& one : entries_)
        asio::post(one->core, [one] {
            if (!one->gone) one->end();
        });
} catch (std::exception const&) {
    // What was not told ends by its own deadline.
}

bool off_switch::pressed() const {
    std::lock_guard const lock(mutex_);
    return pressed_;
}

off_switch::wire::wire(std::shared_ptr<off_switch> to, executor core, std::function<void()> end)
    : to_(std::move(to)) {
    if (!to_) return;
    entry_ = std::make_shared<entry>(entry{core, std::move(end), false});
    std::lock_guard const lock(to_->mutex_);
    to_->entries_.push_back(entry_);
}

off_switch::wire::~wire() {
    if (!entry_) return;
    entry_->gone = true;
    std::lock_guard const lock(to_->mutex_);
    to_->entries_.remove(entry_);
}

}  // namespace pilothouse::client
