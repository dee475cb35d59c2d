// Ends requests to other servers from outside, whichever core they are on.
#pragma once

#include "base/task.hpp"

#include <functional>
#include <list>
#include <memory>
#include <mutex>

namespace pilothouse::client {

// Thread-safe, and for good: what is under way ends with errc::unavailable, and so does what begins
// later.
class off_switch {
public:
    void press() noexcept;
    [[nodiscard]] bool pressed() const;

private:
    struct entry {
        executor core;
        std::function<void()> end;
        bool gone = false;  // of that core alone
    };

public:
    // What a connection has while it is there: `end` is called on its core, and never after this is
    // gone, which goes on that core, too.
    class wire {
    public:
        wire() = default;  // to no switch
        wire(std::shared_ptr<off_switch> to, executor core, std::function<void()> end);
        ~wire();
        wire(wire const&) = delete;
        wire& operator=(wire const&) = delete;

    private:
        std::shared_ptr<off_switch> to_;
        std::shared_ptr<entry> entry_;
    };

private:
    mutable std::mutex mutex_;
    bool pressed_ = false;
    std::list<std::shared_ptr<entry>> entries_;
};

}  // namespace pilothouse::client
