#include "release/settlement.hpp"

#include "release/early_end.hpp"
#include "release/mending.hpp"
#include "release/retry.hpp"
#include "release/thrown_failure.hpp"

#include <exception>
#include <utility>

namespace pilothouse::release {

namespace {

using steady = std::chrono::steady_clock;
using storage::operation_kind;

constexpr int refusals_max = 3;

class counted {
public:
    explicit counted(std::atomic<std::size_t>& count) : count_(count) {}
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
    ~counted() { drop(); }
    void hold() {
        if (!std::exchange(held_, true)) ++count_;
    }
    void drop() {
        if (std::exchange(held_, false)) --count_;
    }

private:
    std::atomic<std::size_t>& count_;
    bool held_ = false;
};

}  // namespace

task<std::optional<decision>> settlement::work(std::optional<run_end> end) {
    end_ = std::move(end);
    counted stranded(stranded_);
    back_off pause(times_);
    auto const since = steady::now();
    for (int refusals = 0;;) {
        auto facts = co_await look();
        if (!facts) {
            auto const& why = facts.error();
            if (at_.watch()->stopping()) co_return std::nullopt;
            if (!passes_by(why.code)) ++refusals;
            if (gives_up(why, refusals, since)) co_return unseen(at_, why);
            stranded.hold();
            at_.tell("waiting", why.detail);
            co_await at_.watch()->sleep(pause.take());
            continue;
        }
        stranded.drop();
        at_.saw(facts->history);
        auto how = settle(*facts);
        if (how.what != step::roll_back && how.what != step::uninstall) co_return how;
        if (at_.watch()->stopping()) co_return std::nullopt;
        co_await mend_once(std::move(how));
    }
}

// The store, too, may fail for a while.
task<result<settle_facts>> settlement::look() const {
    std::exception_ptr thrown;
    try {
        co_return co_await ask();
    } catch (...) {
        thrown = std::current_exception();
    }
    co_return failure_of(thrown);
}

// Anew each time: the credentials may be others by now.
task<result<settle_facts>> settlement::ask() const {
    auto const& asked = at_.operation();
    settle_facts f;
    PILOTHOUSE_CO_TRY(f.history, co_await at_.ask_history());
    f.kind = asked.kind;
    f.before = asked.revision_before.value_or(0);
    bool const marks = f.kind == operation_kind::install || f.kind == operation_kind::update;
    if (marks && !f.history.empty()) {
        PILOTHOUSE_CO_TRY(f.marked, co_await parts_.helm.revision_of(at_.where(), asked.id));
    }
    f.wanted = rollback_target(f.history, f.before, asked.wanted_revision);
    f.end = end_;
    f.cancel_wanted = at_.watch()->cancelled();
    f.attempted_again = asked.attempted_again;
    f.mends = mends_;
    co_return f;
}

bool settlement::gives_up(failure const& why, int refusals, steady::time_point since) const {
    if (why.code == errc::not_found || refusals >= refusals_max) return true;
    return at_.watch()->cancelled() || steady::now() - since >= times_.stranded;
}

task<void> settlement::mend_once(decision how) {
    std::exception_ptr thrown;
    try {
        co_await mend(parts_, at_, std::move(how));
    } catch (...) {
        thrown = std::current_exception();
    }
    if (thrown) at_.watch()->say("waiting", failure_of(thrown).detail);
    ++mends_;
}

}  // namespace pilothouse::release
