// The views of one snapshot that somebody asked for; each is made once, whoever waits for it.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/task.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pilothouse::index {

class snapshot;

// Goes with its snapshot, so it holds nothing that is out of date. Bounded in number and in the
// bytes that are the views' own; the one that was not used for longest goes. Thread-safe.
class view_cache {
public:
    using pointer = std::shared_ptr<snapshot const>;
    struct bounds {
        std::size_t views = 32;
        std::uint64_t bytes = 32 * 1024 * 1024;
    };

    view_cache() = default;
    explicit view_cache(bounds b) : bounds_(b) {}

    struct turn {
        pointer ready;       // there it is; else
        bool makes = false;  // the caller makes it and calls end(), or else waits
    };
    [[nodiscard]] turn enter(std::string const& lens);
    // Null: whoever made it gave up; enter again.
    [[nodiscard]] task<pointer> wait(std::string lens);
    // The maker's last word; null: he gave up. What alone is beyond the bounds is handed to those
    // who wait, and not kept.
    void end(std::string const& lens, pointer const& made, std::uint64_t own_bytes) noexcept;

    struct footprint {
        std::size_t views = 0;
        std::uint64_t bytes = 0;
    };
    [[nodiscard]] footprint measure() const;

private:
    struct kept {
        pointer made;  // null: somebody is making it
        std::uint64_t bytes = 0;
        std::uint64_t used = 0;
        std::vector<resumer<pointer>> waiting;
    };
    // Of what goes, the pointers, to be let go without the lock.
    [[nodiscard]] std::vector<pointer> make_room();

    bounds bounds_;
    mutable std::mutex mutex_;  // never held while a view is made
    std::map<std::string, kept> views_;
    std::uint64_t uses_ = 0;
    footprint held_;
};

}  // namespace pilothouse::index
