#include "release/conclusion.hpp"

#include "release/early_end.hpp"
#include "release/retry.hpp"
#include "release/thrown_failure.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <stdexcept>
#include <utility>

namespace pilothouse::release {

namespace {

using storage::operation_state;

// The answer to an end may be lost, and is asked for again then.
void throw_unless_over(failure const& why) {
    if (why.code == errc::wrong_state || why.code == errc::not_found) return;
    throw std::runtime_error(why.detail + " " + why.cause);
}

}  // namespace

task<std::string> conclusion::work(decision how, attempt tried) {
    back_off pause(times_);
    for (;;) {
        std::exception_ptr thrown;
        try {
            if (how.what == step::again) {
                if (co_await queue_again(tried)) co_return "queued";
                how = co_await cancelled_before(at_);
            }
            co_await finish(how);
            co_return how.ending.error ? std::string(name_of(how.ending.error->code)) : "done";
        } catch (...) {
            thrown = std::current_exception();
        }
        log_.write(log_level::error, "operation_unfinished",
                   {{"operation", at_.operation().id}, {"cause", failure_of(thrown).cause}});
        if (at_.watch()->stopping()) co_return "left";
        co_await at_.watch()->sleep(pause.take());
    }
}

// False: it was cancelled meanwhile.
task<bool> conclusion::queue_again(attempt tried) {
    storage::record_change<storage::operation_record> const change =
        [tried](storage::operation_record& o) -> result<void> {
        if (o.state != operation_state::running)
            return failure(errc::cancelled, "the operation was cancelled");
        o.state = operation_state::queued;
        o.attempted_again = o.attempted_again || tried == attempt::made;
        // The run's child is gone and has left nothing. One before the run was mending.
        if (o.revision_before) o.process = {};
        o.revision_before.reset();
        return {};
    };
    auto const noted = co_await at_.note(change);
    bool const helms = is_of_helm(at_.operation().kind);
    if (noted) at_.watch()->say("queued", helms ? "Helm recorded nothing: once more" : "once more");
    if (noted) co_return true;
    if (noted.error().code == errc::cancelled) co_return false;
    throw_unless_over(noted.error());
    co_return true;
}

task<void> conclusion::finish(decision how) {
    auto& ending = how.ending;
    auto const& hidden = at_.hidden();
    if (ending.error) ending.error->message = hidden.message(ending.error->message);
    ending.warning = hidden.message(ending.warning);
    ending.description = hidden.message(ending.description);
    if (!ending.error && !ending.gone) ending.source = co_await new_source(ending.revision);
    at_.watch()->say("finished", ending.error ? ending.error->message : "done");
    // What was told stands before the end, for whoever watches.
    co_await at_.watch()->close();
    auto const done = co_await parts_.operations.finish(at_.operation().id, ending);
    if (!done) throw_unless_over(done.error());
    if (how.elsewhere && !ending.gone) co_await note_elsewhere();
}

task<void> conclusion::note_elsewhere() {
    storage::record_change<storage::release_record> const change =
        [](storage::release_record& r) -> result<void> {
        r.changed_elsewhere = true;
        return {};
    };
    auto const noted = co_await parts_.releases.observe(at_.release().id, change);
    static_cast<void>(noted);  // the next look at the cluster tells the same
}

// Where another version is in force now than before: its source.
task<std::optional<storage::release_source>> conclusion::new_source(int number) const {
    auto const& asked = at_.operation();
    if (asked.source) co_return asked.source;
    co_return co_await source_of(number);
}

// Of a revision that was gone back to: that of the last operation that brought its version.
task<std::optional<storage::release_source>> conclusion::source_of(int number) const {
    constexpr std::size_t operations_looked_at = 200;
    auto const found = std::ranges::find(at_.seen(), number, &revision::number);
    if (found == at_.seen().end()) co_return std::nullopt;
    auto const brought = [&](storage::release_source const& s) {
        return s.chart + "-" + s.version == found->chart;
    };
    if (brought(at_.release().source)) co_return std::nullopt;
    storage::operation_filter filter;
    filter.release = at_.release().id;
    auto const all = co_await parts_.operations.list(filter, 0, operations_looked_at);
    for (auto const& o : all)
        if (o.source && !o.error && brought(*o.source)) co_return o.source;
    co_return std::nullopt;
}

}  // namespace pilothouse::release
