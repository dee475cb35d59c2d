#include "release/refresher.hpp"

#include "base/descriptor.hpp"
#include "base/doorbell.hpp"
#include "base/task_group.hpp"
#include "release/cluster_look.hpp"
#include "release/stop_event.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t looks_at_once = 2;
constexpr std::chrono::nanoseconds second_look = 5s;  // at the soonest; behind the first one

struct looked_at {
    std::optional<instant> asked;  // when its last look began
    bool wanted = false, under_way = false;
    missed_releases missed;
};

}  // namespace

struct refresher::state {
    state(release_parts const& p, logger& l) : parts(p), log(l), cancel(make_event()) {}

    std::vector<storage::cluster_id> due();
    task<void> look(storage::cluster_id cluster);

    release_parts const& parts;
    logger& log;
    descriptor const cancel;
    doorbell bell;
    std::atomic<bool> stopping = false;
    std::mutex mutex;
    std::map<storage::cluster_id, looked_at> clusters;
    std::size_t running = 0;
    // Last: it waits for all that uses the rest.
    task_group group{[this](std::exception_ptr e) {
        try {
            std::rethrow_exception(std::move(e));
        } catch (std::exception const& x) {
            log.write(log_level::error, "refresh_lost", {{"cause", x.what()}});
        }
    }};
};

refresher::refresher(release_parts const& parts, logger& log)
    : state_(std::make_unique<state>(parts, log)) {}

refresher::~refresher() = default;

void refresher::look_at(storage::cluster_id cluster) {
    auto& s = *state_;
    {
        std::lock_guard const lock(s.mutex);
        auto& c = s.clusters[cluster];
        bool const young = c.asked && s.parts.time.now() - *c.asked < s.parts.limits.refresh;
        if (c.wanted || young) return;
        c.wanted = true;
    }
    s.bell.ring();
}

void refresher::stop() noexcept {
    state_->stopping = true;
    raise_event(state_->cancel);
    state_->bell.ring();
}

task<void> refresher::run() {
    auto& s = *state_;
    auto const core = co_await this_core();
    auto const busy = [&s] {
        std::lock_guard const lock(s.mutex);
        return s.running != 0;
    };
    auto const pause = std::min<std::chrono::nanoseconds>(s.parts.limits.refresh, second_look);
    while (!s.stopping) {
        for (auto const cluster : s.due()) s.group.spawn(core, s.look(cluster));
        co_await s.bell.wait(pause);
    }
    while (busy()) co_await s.bell.wait(pause);
}

// From now on under way.
std::vector<storage::cluster_id> refresher::state::due() {
    auto const now = parts.time.now();
    auto const soon = std::min<std::chrono::nanoseconds>(parts.limits.refresh, second_look);
    std::vector<storage::cluster_id> all;
    std::lock_guard const lock(mutex);
    for (auto& [id, c] : clusters) {
        if (running == looks_at_once) break;
        // Nobody needs to look again to learn that something is gone.
        bool const again = !c.missed.empty() && c.asked && now - *c.asked >= soon;
        if (c.under_way || (!c.wanted && !again)) continue;
        c.asked = now;
        c.wanted = false;
        c.under_way = true;
        ++running;
        all.push_back(id);
    }
    return all;
}

task<void> refresher::state::look(storage::cluster_id cluster) {
    missed_releases missed;
    {
        std::lock_guard const lock(mutex);
        missed = clusters[cluster].missed;
    }
    cluster_look one(parts, log, cluster, std::move(missed));
    missed = co_await one.work(cancel.get());
    {
        std::lock_guard const lock(mutex);
        auto& c = clusters[cluster];
        c.missed = std::move(missed);
        c.under_way = false;
        --running;
    }
    bell.ring();
}

}  // namespace pilothouse::release
