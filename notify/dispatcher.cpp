#include "notify/dispatcher.hpp"

#include "base/doorbell.hpp"
#include "base/task_group.hpp"

#include <atomic>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace pilothouse::notify {

// But for `stopping` and the bell, of one core.
struct dispatcher::state {
    state(delivery_parts const& p, dispatch_limits l, logger& lg, metrics::registry& m)
        : parts(p), limits(l), log(lg), metrics(m) {
        m.add_gauge("pilothouse_webhook_deliveries_waiting",
                    "Deliveries to webhooks that wait for an attempt.", {},
                    [c = waiting] { return static_cast<double>(c->load()); });
    }

    task<void> turn();
    task<void> see_through(storage::due_delivery due);
    [[nodiscard]] bool may_begin(storage::due_delivery const& due) const;
    void count(delivery_outcome what);
    void tell(storage::webhook_id hook, hook_turn turn);

    delivery_parts const parts;
    dispatch_limits const limits;
    logger& log;
    metrics::registry& metrics;
    // Gauges may be read when the dispatcher is gone.
    std::shared_ptr<std::atomic<std::size_t>> const waiting =
        std::make_shared<std::atomic<std::size_t>>(0);
    doorbell bell;
    std::atomic<bool> stopping = false;
    std::set<std::int64_t> under_way;
    std::map<storage::webhook_id, std::size_t> of_hook;
    std::chrono::steady_clock::time_point not_before;
    // Last: it waits for all that uses the rest.
    task_group group{[this](std::exception_ptr e) {
        try {
            std::rethrow_exception(std::move(e));
        } catch (std::exception const& x) {
            log.write(log_level::error, "delivery_lost", {{"cause", x.what()}});
        }
    }};
};

dispatcher::dispatcher(delivery_parts const& parts, dispatch_limits limits, logger& log,
                       metrics::registry& metrics)
    : state_(std::make_unique<state>(parts, limits, log, metrics)) {}

dispatcher::~dispatcher() = default;

void dispatcher::stop() noexcept {
    state_->stopping = true;
    state_->bell.ring();
}

task<void> dispatcher::run() {
    auto& s = *state_;
    while (!s.stopping) {
        co_await s.turn();
        if (!s.stopping) co_await s.bell.wait(s.limits.between_looks);
    }
    while (!s.under_way.empty()) co_await s.bell.wait(s.limits.between_looks);
}

bool dispatcher::state::may_begin(storage::due_delivery const& due) const {
    if (under_way.size() >= limits.at_once || under_way.contains(due.delivery.number)) return false;
    auto const mine = of_hook.find(due.hook.id);
    auto const most = is_doubtful(due.hook, parts.rest) ? 1 : limits.at_once_of_each;
    return mine == of_hook.end() || mine->second < most;
}

// What is under way is due still, and comes first: more is asked for than may begin.
task<void> dispatcher::state::turn() {
    if (std::chrono::steady_clock::now() < not_before) co_return;
    try {
        auto const core = co_await this_core();
        auto const now = parts.time.now();
        auto const all = co_await parts.deliveries.due(now, limits.at_once_of_each,
                                                       limits.at_once + under_way.size());
        for (auto const& due : all) {
            if (stopping || !may_begin(due)) continue;
            under_way.insert(due.delivery.number);
            ++of_hook[due.hook.id];
            group.spawn(core, see_through(due));
        }
        *waiting = co_await parts.deliveries.count_waiting();
    } catch (std::exception const& e) {
        log.write(log_level::error, "deliveries_not_read", {{"cause", e.what()}});
        not_before = std::chrono::steady_clock::now() + limits.after_trouble;
    }
}

task<void> dispatcher::state::see_through(storage::due_delivery due) {
    auto const number = due.delivery.number;
    auto const hook = due.hook.id;
    auto const message = due.delivery.message;
    try {
        auto const [what, turn] = co_await deliver(parts, std::move(due), stopping);
        count(what);
        tell(hook, turn);
        if (what == delivery_outcome::failed)
            log.write(log_level::warning, "delivery_failed",
                      {{"webhook", hook.value}, {"message", message}});
    } catch (std::exception const& e) {
        log.write(log_level::error, "delivery_broken",
                  {{"webhook", hook.value}, {"message", message}, {"cause", e.what()}});
        not_before = std::chrono::steady_clock::now() + limits.after_trouble;
    }
    under_way.erase(number);
    if (--of_hook[hook] == 0) of_hook.erase(hook);
    bell.ring();
}

// A rest that becomes longer is no news.
void dispatcher::state::tell(storage::webhook_id hook, hook_turn turn) {
    if (turn == hook_turn::rests)
        log.write(log_level::warning, "webhook_rests", {{"webhook", hook.value}});
    if (turn == hook_turn::switched_off)
        log.write(log_level::warning, "webhook_switched_off", {{"webhook", hook.value}});
    if (turn == hook_turn::recovered)
        log.write(log_level::info, "webhook_recovered", {{"webhook", hook.value}});
}

void dispatcher::state::count(delivery_outcome what) {
    metrics
        .make_counter("pilothouse_webhook_attempts_total",
                      "Attempts to deliver to webhooks, by what came of them.",
                      {{"outcome", std::string(name_of(what))}})
        .add();
}

}  // namespace pilothouse::notify
