#include "release/operation_run.hpp"

#include "release/early_end.hpp"
#include "release/left_child.hpp"
#include "release/preparation.hpp"
#include "release/release_targets.hpp"
#include "release/settlement.hpp"
#include "release/thrown_failure.hpp"
#include "release/workload_run.hpp"

#include <utility>

namespace pilothouse::release {

namespace {

bool begins(decision const& plan) { return plan.what == step::run || plan.what == step::install; }

}  // namespace

operation_run::operation_run(surroundings around, storage::claimed what,
                             std::shared_ptr<run_watch> watch)
    : around_(std::move(around)), at_(around_.parts, std::move(what), std::move(watch)) {}

task<std::string> operation_run::work() {
    at_.watch()->say(
        "started", std::string(name_of(at_.operation().kind)) + " of " + full_name(at_.release()));
    auto became = co_await run_once();
    if (auto* const early = std::get_if<decision>(&became))
        co_return co_await conclude(std::move(*early), attempt::none);
    auto how = co_await settle_it(std::get<run_end>(std::move(became)));
    if (!how) co_return "left";
    co_return co_await conclude(*std::move(how), attempt::made);
}

task<std::string> operation_run::take_up() {
    at_.watch()->say("found", "the server was started anew");
    co_await await_left_child(around_.times, at_);
    if (at_.watch()->stopping()) co_return "left";
    decision how;
    if (at_.operation().revision_before) {
        auto settled = co_await settle_it(std::nullopt);
        if (!settled) co_return "left";
        how = *std::move(settled);
    } else if (at_.watch()->cancelled()) {
        how = co_await cancelled_before(at_);
        // Nobody knows how far it came.
        if (at_.operation().kind == storage::operation_kind::stop) how.ending.stopped = true;
    } else {
        how.what = step::again;
    }
    co_return co_await conclude(std::move(how), attempt::made);
}

// How the run ended; or, where Helm was not asked for anything, how the operation does.
task<std::variant<decision, run_end>> operation_run::run_once() {
    preparation before(around_.parts, around_.times, at_);
    engine_run run(around_.parts, around_.times, around_.beside, at_);
    decision plan;
    std::exception_ptr thrown;
    try {
        plan = co_await before.work();
        if (begins(plan)) plan = co_await get_ready(run, std::move(plan));
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) plan = unseen(at_, logged(std::move(thrown)));
    if (!begins(plan)) co_return plan;
    run_end end;
    thrown = nullptr;
    try {
        end = co_await run.start();
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) {
        auto const why = logged(std::move(thrown));
        end.error = storage::operation_error{why.code, why.detail};
    }
    co_await run.name_unready(end);
    co_return end;
}

// A `run` or an `install` if Helm may begin. What is not Helm's is done here.
task<decision> operation_run::get_ready(engine_run& run, decision plan) {
    workload_run workloads(around_.parts, around_.times, at_);
    if (!is_of_helm(at_.operation().kind)) co_return co_await workloads.work(std::move(plan));
    plan = co_await run.stage(std::move(plan));
    bool const starts = at_.release().stopped && plan.what == step::run &&
                        at_.operation().kind != storage::operation_kind::uninstall;
    if (!starts) co_return plan;
    auto const back = co_await workloads.scale_back();
    if (!back && at_.watch()->stopping()) co_return later();
    if (!back && at_.watch()->cancelled()) co_return co_await cancelled_before(at_);
    if (!back) co_return not_begun(at_, back.error());
    scaled_back_ = true;
    co_return plan;
}

task<std::optional<decision>> operation_run::settle_it(std::optional<run_end> end) {
    settlement after(around_.parts, around_.times, around_.stranded, at_);
    co_return co_await after.work(std::move(end));
}

task<std::string> operation_run::conclude(decision how, attempt tried) {
    conclusion last(around_.parts, around_.times, around_.log, at_);
    if (scaled_back_ || (is_of_helm(at_.operation().kind) && !how.ending.error))
        how.ending.stopped = false;
    co_return co_await last.work(std::move(how), tried);
}

failure operation_run::logged(std::exception_ptr thrown) {
    auto why = failure_of(std::move(thrown));
    around_.log.write(log_level::error, "operation_broken",
                      {{"operation", at_.operation().id}, {"cause", why.cause}});
    return why;
}

}  // namespace pilothouse::release
