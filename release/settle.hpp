// What is to be done before Helm runs, and what became of a release after it ran: decided by the
// release's history alone, never by what the child said (contracts: helm-engine 3, releases 5.11).
#pragma once

#include "release/engine.hpp"
#include "storage/operation_log.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pilothouse::release {

enum class step : std::uint8_t {
    run,        // what was asked for
    install,    // instead of an upgrade: Helm has nothing of the release
    roll_back,  // to `revision`, then look again
    uninstall,  // then look again
    again,      // queue it anew
    finish,     // with `ending`
};

struct decision {
    step what = step::finish;
    int revision = 0;         // to roll back to
    bool skip_hooks = false;  // in the mending
    storage::operation_ending ending;
    bool elsewhere = false;  // the newest revision is not of an operation of ours
};

// Before the run.
struct start_facts {
    storage::operation_kind kind = storage::operation_kind::install;
    std::vector<revision> history;  // the oldest first
    bool ours = false;              // an operation of ours made the newest revision
    int seen = 0;                   // the newest that was known of before; 0: none
    int wanted = 0;                 // of a rollback
    int mends = 0;                  // mending steps so far
    std::string name_space, name;   // for the sentence that says what to do
};

// Never `again`. A pending revision of ours is mended first; one of somebody else is
// errc::wrong_state, and never touched.
[[nodiscard]] decision prepare(start_facts const& facts);

// It ends, and the release is as its history tells; for what Helm has no part in.
[[nodiscard]] decision as_it_is(std::vector<revision> const& history);

// The revision that a rollback is to go to; 0: there is none. `before`: the newest one when it was
// asked for; `wanted` 0: the newest good one before that.
[[nodiscard]] int rollback_target(std::vector<revision> const& history, int before,
                                  int wanted) noexcept;

// Whether a rollback made this revision, Helm's own or ours, as far as its description tells.
[[nodiscard]] bool is_rollback(revision const& r) noexcept;

// After the run.
struct settle_facts {
    storage::operation_kind kind = storage::operation_kind::install;
    std::vector<revision> history;
    int before = 0;              // the newest revision before the run; 0: none
    int marked = 0;              // the newest that bears the operation's label; 0: none
    int wanted = 0;              // of a rollback, never 0
    std::optional<run_end> end;  // empty: nobody saw it
    bool cancel_wanted = false;  // by a caller, not by the server's own end
    bool attempted_again = false;
    int mends = 0;
};

// Never `run`, never `install`.
[[nodiscard]] decision settle(settle_facts const& facts);

}  // namespace pilothouse::release
