// Keeps what is known of releases as young as people who look expect it.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"

#include <memory>

namespace pilothouse::release {

// One for the server. A cluster that somebody looks at is asked in the background what Helm has
// there, once for all its releases, as soon as the last answer is older than limits.refresh. What
// an operation works on is left to that. Of the others are noted: status, revision and Helm's words
// on it; that somebody else made the newest revision; and that a release is gone, when a second
// look agrees.
class refresher {
public:
    refresher(release_parts const& parts, logger& log);
    ~refresher();  // no core's thread
    refresher(refresher const&) = delete;
    refresher& operator=(refresher const&) = delete;

    // Somebody looks at this cluster. Any thread.
    void look_at(storage::cluster_id cluster);
    // Runs until stop(); one call.
    [[nodiscard]] task<void> run();
    // Ends what helm is asked, and lets run() return. Any thread.
    void stop() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::release
