#include "release/runner.hpp"

#include "base/doorbell.hpp"
#include "base/task_group.hpp"
#include "release/operation_run.hpp"
#include "release/release_targets.hpp"
#include "release/run_watch.hpp"

#include <array>
#include <atomic>
#include <exception>
#include <filesystem>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;
using storage::operation_kind;
using storage::operation_state;
using steady = std::chrono::steady_clock;

// Whatever nobody woke us for.
constexpr auto between_looks = 5s;

// Far more than ever are under way at once.
constexpr std::size_t looked_at_max = 100'000;

double in_seconds(steady::duration d) { return std::chrono::duration<double>(d).count(); }

// The words that outcomes have in metrics: a closed set.
std::string_view outcome_word(std::string_view outcome) {
    static constexpr std::array<std::string_view, 4> plain{"done", "queued", "left", "cancelled"};
    for (auto const word : plain)
        if (outcome == word) return word;
    return "failed";
}

}  // namespace

struct runner::state {
    state(release_parts const& p, runner_times const& t, logger& l, metrics::registry& m)
        : parts(p), times(t), log(l), metrics(m) {
        m.add_gauge("pilothouse_operations_queued", "Operations on releases that wait.", {},
                    [c = counts] { return static_cast<double>(c->queued.load()); });
        m.add_gauge("pilothouse_operations_running", "Operations on releases under way.", {},
                    [c = counts] { return static_cast<double>(c->running.load()); });
        m.add_gauge("pilothouse_operations_stranded",
                    "Operations that wait until their cluster can be reached.", {},
                    [c = counts] { return static_cast<double>(c->stranded.load()); });
    }

    task<void> take_up_left();
    task<void> claim_all();
    task<void> look_for_cancelled();
    task<void> turn();
    void begin(executor core, storage::claimed what, bool left);
    task<void> see_through(executor core, storage::claimed what, std::shared_ptr<run_watch> watch,
                           bool left);
    void cancel(std::string const& operation) noexcept;
    task<void> work_beside(task<void> work);
    void observe(operation_kind kind, std::string const& outcome, steady::duration time);

    // Gauges may be read when the runner is gone.
    struct figures {
        std::atomic<std::size_t> queued = 0, running = 0, stranded = 0, beside = 0;
    };

    release_parts const& parts;
    runner_times const times;
    logger& log;
    metrics::registry& metrics;
    std::shared_ptr<figures> const counts = std::make_shared<figures>();
    doorbell bell;
    std::atomic<bool> stopping = false;
    bool left_found = false;
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<run_watch>, std::less<>> running;
    // Last: it waits for all that uses the rest.
    task_group group{[this](std::exception_ptr e) {
        try {
            std::rethrow_exception(std::move(e));
        } catch (std::exception const& x) {
            log.write(log_level::error, "operation_lost", {{"cause", x.what()}});
        }
    }};
};

runner::runner(release_parts const& parts, runner_times const& times, logger& log,
               metrics::registry& metrics)
    : state_(std::make_unique<state>(parts, times, log, metrics)) {}

runner::~runner() = default;

void runner::wake() noexcept { state_->bell.ring(); }

void runner::stop() noexcept {
    state_->stopping = true;
    {
        std::lock_guard lock(state_->mutex);
        for (auto const& [id, watch] : state_->running) watch->stop();
    }
    state_->bell.ring();
}

task<void> runner::run() {
    auto& s = *state_;
    std::error_code ignored;
    std::filesystem::remove_all(s.parts.folder, ignored);
    while (!s.stopping) {
        co_await s.turn();
        if (!s.stopping) co_await s.bell.wait(between_looks);
    }
    while (s.counts->running + s.counts->beside != 0) co_await s.bell.wait(between_looks);
}

task<void> runner::state::turn() {
    try {
        if (!left_found) co_await take_up_left();
        co_await look_for_cancelled();
        co_await claim_all();
        auto const now = co_await parts.operations.count();
        counts->queued = now.queued;
    } catch (std::exception const& e) {
        log.write(log_level::error, "operations_not_claimed", {{"cause", e.what()}});
        // What was claimed may have been lost on its way here.
        left_found = false;
    }
}

task<void> runner::state::take_up_left() {
    auto const core = co_await this_core();
    storage::operation_filter filter;
    filter.unfinished = true;
    auto const left = co_await parts.operations.list(filter, 0, looked_at_max);
    for (auto const& o : left) {
        {
            std::lock_guard lock(mutex);
            if (running.contains(o.id)) continue;
        }
        auto what = co_await parts.operations.reclaim(o.id);
        // One that is queued anew since the list was read is claimed like any other.
        if (what && what->operation.state != operation_state::queued)
            begin(core, *std::move(what), true);
    }
    left_found = true;
}

task<void> runner::state::claim_all() {
    auto const core = co_await this_core();
    while (!stopping) {
        // Those whose cluster is away keep nobody else waiting.
        storage::claim_limits const limits{parts.limits.running + counts->stranded,
                                           parts.limits.running_in_cluster};
        auto what = co_await parts.operations.claim(limits);
        if (!what) co_return;
        begin(core, *std::move(what), false);
    }
}

task<void> runner::state::look_for_cancelled() {
    if (counts->running == 0) co_return;
    storage::operation_filter filter;
    filter.state = operation_state::cancelling;
    auto const wanted = co_await parts.operations.list(filter, 0, looked_at_max);
    for (auto const& o : wanted) cancel(o.id);
}

void runner::state::cancel(std::string const& operation) noexcept {
    std::shared_ptr<run_watch> watch;
    {
        std::lock_guard lock(mutex);
        if (auto const found = running.find(operation); found != running.end())
            watch = found->second;
    }
    if (watch && !watch->cancelled()) watch->cancel();
}

void runner::state::begin(executor core, storage::claimed what, bool left) {
    auto watch = std::make_shared<run_watch>(parts, what.operation.id);
    if (what.operation.state == operation_state::cancelling) watch->cancel();
    {
        std::lock_guard lock(mutex);
        // The run before it may be writing its last words still.
        running.insert_or_assign(what.operation.id, watch);
    }
    ++counts->running;
    if (stopping) watch->stop();
    group.spawn(core, watch->pump());
    group.spawn(core, see_through(core, std::move(what), watch, left));
}

task<void> runner::state::see_through(executor core, storage::claimed what,
                                      std::shared_ptr<run_watch> watch, bool left) {
    auto const began = steady::now();
    auto const kind = what.operation.kind;
    auto const id = what.operation.id;
    auto const name = full_name(what.release);
    std::string outcome = "left";
    auto const beside = [this, core](task<void> work) {
        ++counts->beside;
        group.spawn(core, work_beside(std::move(work)));
    };
    try {
        operation_run run({parts, times, log, counts->stranded, beside}, std::move(what), watch);
        outcome = left ? co_await run.take_up() : co_await run.work();
    } catch (std::exception const& e) {
        log.write(log_level::error, "operation_lost", {{"operation", id}, {"cause", e.what()}});
    }
    co_await watch->close();
    auto const time = steady::now() - began;
    observe(kind, outcome, time);
    log.write(
        log_level::info, "operation",
        {{"operation", id},
         {"kind", name_of(kind)},
         {"release", name},
         {"outcome", outcome},
         {"duration_ms", std::chrono::duration_cast<std::chrono::milliseconds>(time).count()}});
    {
        std::lock_guard lock(mutex);
        if (auto const mine = running.find(id); mine != running.end() && mine->second == watch)
            running.erase(mine);
    }
    --counts->running;
    bell.ring();
}

task<void> runner::state::work_beside(task<void> work) {
    try {
        co_await std::move(work);
    } catch (std::exception const& e) {
        log.write(log_level::error, "look_lost", {{"cause", e.what()}});
    }
    --counts->beside;
    bell.ring();
}

void runner::state::observe(operation_kind kind, std::string const& outcome,
                            steady::duration time) {
    static std::vector<double> const buckets{0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600, 1800};
    metrics
        .make_histogram(
            "pilothouse_operation_seconds",
            "Time of operations on releases, from their claim to their end.",
            {{"kind", std::string(name_of(kind))}, {"outcome", std::string(outcome_word(outcome))}},
            buckets)
        .observe(in_seconds(time));
}

}  // namespace pilothouse::release
