#include "release/preparation.hpp"

#include "release/early_end.hpp"
#include "release/made_here.hpp"
#include "release/mending.hpp"
#include "release/retry.hpp"

#include <chrono>
#include <utility>

namespace pilothouse::release {

task<decision> preparation::work() {
    using steady = std::chrono::steady_clock;
    if (auto const opened = co_await at_.open(); !opened) co_return unseen(at_, opened.error());
    auto& watch = *at_.watch();
    auto const until = steady::now() + times_.patience;
    back_off pause(times_);
    for (;;) {
        if (watch.cancelled()) co_return co_await cancelled_before(at_);
        if (watch.stopping()) co_return later();
        auto where = at_.where();
        where.cancel = watch.cancel_descriptor();
        auto history = co_await parts_.helm.history(std::move(where));
        if (!history) {
            if (watch.cancelled() || watch.stopping()) continue;
            bool const waits = passes_by(history.error().code) && steady::now() < until;
            if (!waits) co_return not_begun(at_, history.error());
            at_.tell("waiting", history.error().detail);
            co_await watch.sleep(pause.take());
            continue;
        }
        at_.saw(*std::move(history));
        // A child of this very operation: now, or before the server was stopped.
        bool const mended = mends_ > 0 || at_.operation().process.number != 0;
        auto const ours = co_await made_here(parts_, at_, mended);
        if (!ours) co_return not_begun(at_, ours.error());
        at_.newest_is_ours(*ours);
        auto const plan = prepare(facts(*ours));
        if (plan.what != step::roll_back && plan.what != step::uninstall) co_return plan;
        co_await mend(parts_, at_, plan);
        at_.saw({});  // there is another one now
        ++mends_;
    }
}

start_facts preparation::facts(bool ours) const {
    start_facts f;
    f.kind = at_.operation().kind;
    f.history = at_.seen();
    f.ours = ours;
    f.seen = at_.release().revision;
    f.wanted = at_.operation().wanted_revision;
    f.mends = mends_;
    f.name_space = at_.operation().name_space;
    f.name = at_.operation().name;
    return f;
}

}  // namespace pilothouse::release
