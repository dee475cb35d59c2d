#include "release/settle.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace pilothouse::release {

namespace {

using storage::operation_error;
using storage::operation_kind;
using enum storage::release_status;

constexpr int mends_max = 3;

using revisions = std::vector<revision>;

bool has_text(std::string const& text, char const* part) {
    return text.find(part) != std::string::npos;
}

bool is_good(revision const& r) { return r.status == deployed || r.status == superseded; }

// The newest of a status below a number; 0: none.
int newest_with(revisions const& history, storage::release_status status, int below) noexcept {
    for (auto const& r : history | std::views::reverse)
        if (r.number < below && r.status == status) return r.number;
    return 0;
}

// The revision that was in force before a newer one went wrong; 0: none ever was.
int good_before(revisions const& history, int below) noexcept {
    int const now = newest_with(history, deployed, below);
    return now != 0 ? now : newest_with(history, superseded, below);
}

bool left_half_done(revision const& r) { return is_pending(r.status) || r.status == uninstalling; }

// How a revision that was left half done is put right: back to what was in force, or away with what
// never was. Hooks that may be the cause are left out the second time.
decision mend(revisions const& history, int mends) {
    auto const& newest = history.back();
    decision d;
    d.skip_hooks = mends > 0;
    int const good = good_before(history, newest.number);
    bool const away = newest.status == uninstalling || good == 0;
    d.what = away ? step::uninstall : step::roll_back;
    d.revision = away ? 0 : good;
    return d;
}

std::string status_words(revision const& r) {
    return "revision " + std::to_string(r.number) + " is " + std::string(name_of(r.status));
}

void fill(storage::operation_ending& ending, revisions const& history) {
    if (history.empty()) return;
    auto const& newest = history.back();
    ending.status = newest.status;
    ending.revision = newest.number;
    ending.description = newest.description;
    ending.gone = newest.status == uninstalled;
}

decision finish(revisions const& history) {
    decision d;
    fill(d.ending, history);
    return d;
}

decision fail(revisions const& history, errc code, std::string message) {
    auto d = finish(history);
    d.ending.error = operation_error{code, std::move(message)};
    return d;
}

// --- before the run

decision refuse_foreign(start_facts const& f) {
    auto const& newest = f.history.back();
    auto d =
        fail(f.history, errc::wrong_state,
             status_words(newest) + ", and was not made here: another Helm may be at work on " +
                 f.name + "; when it is not, put it right by hand (helm history " + f.name +
                 " -n " + f.name_space + "), then try again");
    d.elsewhere = true;
    return d;
}

decision not_there(start_facts const& f) {
    auto d = fail(f.history, errc::not_found,
                  "there is no release " + f.name + " in the namespace " + f.name_space +
                      " of the cluster any more");
    d.ending.status = uninstalled;
    d.ending.gone = true;
    return d;
}

// It stays to be seen, as what failed does.
decision never_there(start_facts const& f) {
    auto d = fail(f.history, errc::wrong_state,
                  "nothing of the release is in the cluster: its installation failed");
    d.ending.status = failed;
    return d;
}

decision prepare_install(start_facts const& f) {
    if (f.history.empty()) return {.what = step::run, .ending = {}};
    auto d = fail(f.history, errc::conflict,
                  "a release " + f.name + " that was not installed here is in the namespace " +
                      f.name_space + " of the cluster");
    // Somebody else's: what we know of ours must not stand for it.
    d.ending.status = failed;
    d.ending.revision = 0;
    d.ending.description.clear();
    d.ending.gone = true;
    return d;
}

decision prepare_update(start_facts const& f) {
    auto const& newest = f.history.back();
    int const good = good_before(f.history, newest.number);
    if (left_half_done(newest)) {
        if (newest.status != uninstalling) return mend(f.history, f.mends);
        // An uninstall that stopped on its way: bring it back whole, then upgrade that.
        return {.what = step::roll_back,
                .revision = newest.number,
                .skip_hooks = f.mends > 0,
                .ending = {}};
    }
    // Else Helm 3 keeps fields and objects of the failed revision for ever.
    if (newest.status == failed && f.ours && newest_with(f.history, deployed, newest.number) != 0 &&
        f.mends == 0)
        return {.what = step::roll_back, .revision = good, .skip_hooks = false, .ending = {}};
    return {.what = step::run, .ending = {}};
}

decision prepare_uninstall(start_facts const& f) {
    auto const& newest = f.history.back();
    int const good = good_before(f.history, newest.number);
    bool const leaves_orphans = newest.status == pending_upgrade || newest.status == failed;
    if (leaves_orphans && f.ours && good != 0 && f.mends == 0)
        return {.what = step::roll_back, .revision = good, .skip_hooks = false, .ending = {}};
    return {.what = step::run, .ending = {}};
}

decision prepare_rollback(start_facts const& f) {
    auto const& newest = f.history.back();
    int const to = rollback_target(f.history, newest.number, f.wanted);
    if (to != 0) return {.what = step::run, .revision = to, .ending = {}};
    return fail(f.history, f.wanted == 0 ? errc::wrong_state : errc::not_found,
                f.wanted == 0 ? "there is no earlier revision to go back to"
                              : "the release has no revision " + std::to_string(f.wanted));
}

// No revision of its own tells whose the newest one is.
decision prepare_scaling(start_facts const& f) {
    auto const& newest = f.history.back();
    if (newest.status == uninstalling)
        return fail(f.history, errc::wrong_state,
                    status_words(newest) + ": uninstall it, or update it to have it back");
    if (left_half_done(newest)) return mend(f.history, f.mends);
    decision d{.what = step::run, .ending = {}};
    d.elsewhere = !f.ours && newest.number > f.seen;
    return d;
}

// --- after it

class run_outcome {
public:
    explicit run_outcome(settle_facts const& f) : f_(f) {}

    [[nodiscard]] decision decide() const {
        if (f_.kind == operation_kind::uninstall) return uninstalled_or_not();
        if (f_.history.empty()) return nothing_there();
        if (f_.history.back().number <= f_.before) return nothing_new();
        if (!ours()) return somebody_elses();
        auto const& newest = f_.history.back();
        if (left_half_done(newest)) return mend_or_give_up();
        if (newest.status == deployed) return in_force();
        return went_wrong();
    }

private:
    // Nobody saw the end, or it was the server's own.
    [[nodiscard]] bool cut_off() const {
        return !f_.end || (f_.end->cancelled && !f_.cancel_wanted);
    }
    [[nodiscard]] bool said_so() const { return f_.end && f_.end->succeeded; }

    // Helm's own rollback of what failed, and our mending, come behind the operation's revision. An
    // upgrade by hand inherits the label, so that alone says nothing.
    [[nodiscard]] bool ours() const {
        int const own = f_.before + (f_.kind == operation_kind::rollback ? 0 : 1);
        if (f_.history.back().number > own + 1 + mends_max) return false;
        if (own > f_.before && f_.marked != own) return false;
        return std::ranges::all_of(
            f_.history, [&](revision const& r) { return r.number <= own || is_rollback(r); });
    }

    // Why it did not go well.
    [[nodiscard]] operation_error reason() const {
        if (f_.cancel_wanted && (!f_.end || f_.end->cancelled || f_.end->killed))
            return {errc::cancelled, "the operation was cancelled"};
        if (cut_off()) {
            if (auto told = told_by_helm()) return *std::move(told);
            return {errc::unavailable, "the server was stopped while Helm was at work"};
        }
        if (f_.end->error) {
            auto error = *f_.end->error;
            // A wait does not leave this behind: the cluster was not there.
            if (error.code == errc::timed_out && f_.mends > 0) error.code = errc::unavailable;
            return error;
        }
        if (f_.end->killed) return {errc::timed_out, "Helm did not end in time"};
        return {errc::broken, "Helm said that all went well, and its history says otherwise"};
    }

    // Where nobody saw the end, a failed revision's own words.
    [[nodiscard]] std::optional<operation_error> told_by_helm() const {
        if (f_.history.empty()) return std::nullopt;
        auto const& newest = f_.history.back();
        if (newest.status != failed || newest.number <= f_.before || f_.mends > 0)
            return std::nullopt;
        auto const& words = newest.description;
        if (words.empty() || has_text(words, "context canceled")) return std::nullopt;
        bool const late = has_text(words, "deadline exceeded") || has_text(words, "timed out");
        return operation_error{late ? errc::timed_out : errc::wrong_state, words};
    }

    [[nodiscard]] decision failing() const {
        auto d = finish(f_.history);
        d.ending.error = reason();
        return d;
    }
    [[nodiscard]] decision succeeding() const {
        auto d = finish(f_.history);
        if (f_.end) d.ending.warning = f_.end->warning;
        return d;
    }

    // Helm recorded nothing: where nobody stopped it, it may be tried once more.
    [[nodiscard]] decision nothing_new() const {
        bool const again = cut_off() && !f_.cancel_wanted && !f_.attempted_again && f_.mends == 0;
        if (again) return {.what = step::again, .ending = {}};
        return failing();
    }
    [[nodiscard]] decision nothing_there() const {
        if (f_.before == 0 && f_.mends == 0) {
            auto d = nothing_new();
            if (d.what != step::finish) return d;
            return of_nothing(std::move(d));
        }
        if (f_.before == 0 || f_.mends > 0) return of_nothing(failing());
        auto d = fail(f_.history, errc::not_found, "somebody uninstalled the release meanwhile");
        d.ending.status = uninstalled;
        d.ending.gone = true;
        return d;
    }
    // A release that failed stays to be seen; one that was cancelled before there was anything
    // never was.
    [[nodiscard]] static decision of_nothing(decision d) {
        d.ending.status = failed;
        d.ending.gone = d.ending.error && d.ending.error->code == errc::cancelled;
        return d;
    }

    [[nodiscard]] decision somebody_elses() const {
        auto d = failing();
        d.elsewhere = true;
        if (cut_off())
            d.ending.error =
                operation_error{errc::conflict, "another Helm changed the release meanwhile"};
        if (f_.kind == operation_kind::install) {
            d.ending.status = failed;
            d.ending.revision = 0;
            d.ending.description.clear();
            d.ending.gone = true;
        }
        return d;
    }

    [[nodiscard]] decision mend_or_give_up() const {
        if (f_.mends >= mends_max) {
            auto d = failing();
            d.ending.error->message +=
                "; " + status_words(f_.history.back()) + ", and could not be put right";
            return d;
        }
        if (f_.kind != operation_kind::rollback) return mend(f_.history, f_.mends);
        // Its own hook may be the cause.
        return {.what = step::roll_back,
                .revision = f_.wanted,
                .skip_hooks = f_.mends > 0 || (f_.end && f_.end->error),
                .ending = {}};
    }

    [[nodiscard]] decision in_force() const {
        auto const& newest = f_.history.back();
        if (f_.kind == operation_kind::rollback) {
            bool const good = said_so() || cut_off() || f_.end->killed || second_time_good();
            return good ? succeeding() : failing();
        }
        // Mended, or rolled back by Helm itself: in force is what was so before.
        bool const undone = newest.number > f_.before + 1;
        if (undone) return failing();
        bool const unseen = cut_off() || f_.end->cancelled || f_.end->killed;
        return said_so() || unseen ? succeeding() : failing();
    }

    [[nodiscard]] bool lost_an_object() const {
        return f_.end && f_.end->error && has_text(f_.end->error->message, "with the name");
    }
    [[nodiscard]] bool second_time_good() const { return f_.mends == 1 && lost_an_object(); }

    [[nodiscard]] decision went_wrong() const {
        // Helm 3 cannot roll back, the first time, what dropped objects and died.
        bool const helps = f_.kind == operation_kind::rollback && f_.mends == 0 && lost_an_object();
        if (helps)
            return {
                .what = step::roll_back, .revision = f_.wanted, .skip_hooks = false, .ending = {}};
        bool const mending_failed = f_.kind != operation_kind::rollback && f_.mends == 1;
        int const good = good_before(f_.history, f_.before + 1);
        if (mending_failed && good != 0)
            return {.what = step::roll_back, .revision = good, .skip_hooks = true, .ending = {}};
        return failing();
    }

    [[nodiscard]] decision uninstalled_or_not() const {
        bool const away = f_.history.empty() || f_.history.back().status == uninstalled;
        // One that came afterwards is not the one that went.
        bool const another = !away && f_.history.back().number < f_.before;
        if (away || another) return gone();
        auto const& newest = f_.history.back();
        if (newest.number > f_.before) return somebody_elses();
        if (newest.status != uninstalling) return nothing_new();
        if (f_.mends >= mends_max) return mend_or_give_up();
        return {.what = step::uninstall, .skip_hooks = f_.mends > 0, .ending = {}};
    }
    [[nodiscard]] decision gone() const {
        decision d;
        d.ending.status = uninstalled;
        d.ending.revision = f_.before;
        d.ending.gone = true;
        if (!f_.end) return d;
        d.ending.warning = f_.end->warning;
        if (f_.end->error && f_.mends == 0) d.ending.warning = f_.end->error->message;
        return d;
    }

    settle_facts const& f_;
};

}  // namespace

int rollback_target(revisions const& history, int before, int wanted) noexcept {
    auto const numbered = [&](int number) {
        return std::ranges::find(history, number, &revision::number);
    };
    if (wanted != 0) return numbered(wanted) != history.end() ? wanted : 0;
    auto const now = numbered(before);
    bool const in_force = now != history.end() && is_good(*now);
    if (!in_force) return good_before(history, before);
    return newest_with(history, superseded, before);
}

bool is_rollback(revision const& r) noexcept {
    if (r.status == pending_rollback || r.description.starts_with("Rollback ")) return true;
    // One that waited in vain is described as failed installations are; but the first revision
    // alone is of an installation, or one behind an end.
    return r.status == failed && r.number > 1 && r.description.starts_with("Release \"");
}

decision prepare(start_facts const& f) {
    bool const away = f.history.empty() || f.history.back().status == uninstalled;
    if (f.kind == operation_kind::install) return prepare_install(f);
    if (away && f.kind == operation_kind::uninstall) {
        decision d;
        d.ending.status = uninstalled;
        d.ending.revision = f.seen;
        d.ending.gone = true;
        return d;
    }
    // Its installation came to nothing, so that this is one; or a mending took it away.
    bool const never_was = f.history.empty() && (f.seen == 0 || f.mends > 0);
    if (never_was && f.kind == operation_kind::update) return {.what = step::install, .ending = {}};
    if (never_was && !is_of_helm(f.kind)) return never_there(f);
    if (away) return not_there(f);
    auto const& newest = f.history.back();
    // Lower than what was there: another release of that name.
    if (newest.number < f.seen) {
        auto d = not_there(f);
        d.ending.revision = f.seen;
        d.ending.error->message += "; one of that name was installed by somebody else";
        if (f.kind == operation_kind::uninstall) d.ending.error.reset();
        return d;
    }
    if (left_half_done(newest) && !f.ours) return refuse_foreign(f);
    if (f.mends >= mends_max)
        return fail(f.history, errc::wrong_state,
                    status_words(newest) + ", and could not be put right");
    switch (f.kind) {
        case operation_kind::uninstall: return prepare_uninstall(f);
        case operation_kind::rollback: return prepare_rollback(f);
        case operation_kind::stop:
        case operation_kind::restart: return prepare_scaling(f);
        default: return prepare_update(f);
    }
}

decision as_it_is(std::vector<revision> const& history) { return finish(history); }

decision settle(settle_facts const& facts) { return run_outcome(facts).decide(); }

}  // namespace pilothouse::release
