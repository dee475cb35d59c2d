// The recovery tables, row by row (contracts: helm-engine 3, releases 5.11).
#include "release/settle.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace pilothouse::tests::settle_test {

using release::decision;
using release::revision;
using release::run_end;
using release::step;
using storage::operation_error;
using enum storage::operation_kind;

namespace {

// `1 superseded, 2 deployed Rollback to 1`
std::vector<revision> history(std::string const& text) {
    std::vector<revision> all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line, ',');) {
        std::istringstream words(line);
        revision r;
        std::string status;
        words >> r.number >> status;
        r.status = storage::release_status_named(status).value();
        std::getline(words >> std::ws, r.description);
        all.push_back(r);
    }
    return all;
}

std::string words_of(decision const& d) {
    std::string const hooks = d.skip_hooks ? " without hooks" : "";
    switch (d.what) {
        case step::run: return d.elsewhere ? "run, elsewhere" : "run";
        case step::install: return "install";
        case step::again: return "again";
        case step::roll_back: return "roll back to " + std::to_string(d.revision) + hooks;
        case step::uninstall: return "uninstall" + hooks;
        case step::finish: break;
    }
    auto const& e = d.ending;
    std::string words = e.error ? std::string(name_of(e.error->code)) : "done";
    words += ", " + std::string(name_of(e.status)) + " " + std::to_string(e.revision);
    if (e.gone) words += ", gone";
    if (!e.warning.empty()) words += ", warned";
    if (d.elsewhere) words += ", elsewhere";
    return words;
}

std::optional<run_end> const unseen;
run_end good() {
    run_end end;
    end.succeeded = true;
    return end;
}
run_end bad(errc code = errc::wrong_state, std::string message = "it went wrong") {
    run_end end;
    end.error = operation_error{code, std::move(message)};
    return end;
}
run_end late() { return bad(errc::timed_out); }
run_end stopped() {
    auto end = bad(errc::cancelled);
    end.cancelled = true;
    return end;
}
run_end killed() {
    run_end end;
    end.killed = true;
    return end;
}

}  // namespace

TEST_CASE("before a run, what is ours and half done is mended, and nothing else is touched") {
    struct row {
        storage::operation_kind kind;
        char const* history;
        bool ours;
        int seen;
        int mends;
        char const* wanted;
    };
    row const rows[] = {
        {install, "", false, 0, 0, "run"},
        {install, "1 deployed", false, 0, 0, "conflict, failed 0, gone"},
        {install, "1 pending-install", false, 0, 0, "conflict, failed 0, gone"},
        {install, "3 uninstalled", false, 0, 0, "conflict, failed 0, gone"},

        {update, "1 deployed", true, 1, 0, "run"},
        {update, "1 deployed, 2 deployed", false, 1, 0, "run"},
        {update, "1 failed", true, 1, 0, "run"},
        {update, "", true, 0, 0, "install"},
        {update, "", true, 3, 0, "not_found, uninstalled 0, gone"},
        {update, "", true, 3, 1, "install"},
        {update, "1 deployed", false, 4, 0, "not_found, uninstalled 4, gone"},
        {update, "4 uninstalled", true, 4, 0, "not_found, uninstalled 4, gone"},
        {update, "1 superseded, 2 deployed, 3 failed", true, 3, 0, "roll back to 2"},
        {update, "1 superseded, 2 deployed, 3 failed", true, 3, 1, "run"},
        {update, "1 superseded, 2 deployed, 3 failed", false, 2, 0, "run"},
        {update, "1 superseded, 2 failed", true, 2, 0, "run"},
        {update, "1 pending-install", true, 1, 0, "uninstall"},
        {update, "1 pending-install", true, 1, 1, "uninstall without hooks"},
        {update, "1 pending-install", false, 1, 0, "wrong_state, pending-install 1, elsewhere"},
        {update, "1 deployed, 2 pending-upgrade", true, 2, 0, "roll back to 1"},
        {update, "1 deployed, 2 pending-upgrade", true, 2, 1, "roll back to 1 without hooks"},
        {update, "1 deployed, 2 pending-upgrade", true, 2, 3, "wrong_state, pending-upgrade 2"},
        {update, "1 deployed, 2 pending-upgrade", false, 1, 0,
         "wrong_state, pending-upgrade 2, elsewhere"},
        {update, "1 superseded, 2 deployed, 3 pending-rollback", true, 3, 0, "roll back to 2"},
        {update, "1 superseded, 2 superseded, 3 pending-rollback", true, 3, 0, "roll back to 2"},
        {update, "1 failed, 2 pending-upgrade", true, 2, 0, "uninstall"},
        {update, "1 superseded, 2 uninstalling", true, 2, 0, "roll back to 2"},
        {update, "1 superseded, 2 uninstalling", false, 2, 0,
         "wrong_state, uninstalling 2, elsewhere"},

        {uninstall, "", true, 2, 0, "done, uninstalled 2, gone"},
        {uninstall, "2 uninstalled", true, 2, 0, "done, uninstalled 2, gone"},
        {uninstall, "1 deployed", true, 1, 0, "run"},
        {uninstall, "1 deployed", false, 4, 0, "done, uninstalled 4, gone"},
        {uninstall, "1 failed", true, 1, 0, "run"},
        {uninstall, "1 pending-install", true, 1, 0, "run"},
        {uninstall, "1 pending-install", false, 0, 0, "wrong_state, pending-install 1, elsewhere"},
        {uninstall, "1 deployed, 2 pending-upgrade", true, 2, 0, "roll back to 1"},
        {uninstall, "1 deployed, 2 pending-upgrade", true, 2, 1, "run"},
        {uninstall, "1 deployed, 2 failed", true, 2, 0, "roll back to 1"},
        {uninstall, "1 deployed, 2 uninstalling", true, 2, 0, "run"},

        {rollback, "1 superseded, 2 deployed", true, 2, 0, "run"},
        {rollback, "1 deployed", true, 1, 0, "wrong_state, deployed 1"},
        {rollback, "1 deployed, 2 pending-upgrade", true, 2, 0, "run"},
        {rollback, "1 deployed, 2 pending-upgrade", false, 1, 0,
         "wrong_state, pending-upgrade 2, elsewhere"},
        {rollback, "", true, 2, 0, "not_found, uninstalled 0, gone"},

        {stop, "1 superseded, 2 deployed", true, 2, 0, "run"},
        {stop, "1 deployed, 2 failed", true, 2, 0, "run"},
        {stop, "1 deployed, 2 deployed", true, 1, 0, "run"},
        {stop, "1 deployed, 2 deployed", false, 1, 0, "run, elsewhere"},
        {stop, "1 deployed, 2 pending-upgrade", true, 2, 0, "roll back to 1"},
        {stop, "1 deployed, 2 pending-upgrade", true, 2, 3, "wrong_state, pending-upgrade 2"},
        {stop, "1 deployed, 2 pending-upgrade", false, 1, 0,
         "wrong_state, pending-upgrade 2, elsewhere"},
        {stop, "1 pending-install", true, 1, 0, "uninstall"},
        {stop, "2 uninstalling", true, 2, 0, "wrong_state, uninstalling 2"},
        {stop, "", true, 0, 0, "wrong_state, failed 0"},
        {stop, "", true, 1, 1, "wrong_state, failed 0"},
        {stop, "", true, 2, 0, "not_found, uninstalled 0, gone"},
        {restart, "1 deployed", true, 1, 0, "run"},
        {restart, "2 uninstalled", true, 2, 0, "not_found, uninstalled 2, gone"},
    };
    for (auto const& r : rows) {
        CAPTURE(std::string(name_of(r.kind)) + " of " + r.history);
        release::start_facts facts;
        facts.kind = r.kind;
        facts.history = history(r.history);
        facts.ours = r.ours;
        facts.seen = r.seen;
        facts.mends = r.mends;
        facts.name = "shop";
        facts.name_space = "web";
        CHECK(words_of(prepare(facts)) == r.wanted);
    }
}

TEST_CASE("a refusal says which revision is in the way, and how to look") {
    release::start_facts facts;
    facts.kind = update;
    facts.history = history("1 deployed, 2 pending-upgrade");
    facts.seen = 1;
    facts.name = "shop";
    facts.name_space = "web";
    auto const refused = prepare(facts);
    auto const& words = refused.ending.error.value().message;
    CHECK(words.find("revision 2 is pending-upgrade") != std::string::npos);
    CHECK(words.find("helm history shop -n web") != std::string::npos);
}

TEST_CASE("a rollback goes where it was told, or to what was in force before") {
    struct row {
        char const* history;
        int before, wanted, to;
    };
    row const rows[] = {
        {"1 superseded, 2 superseded, 3 deployed", 3, 0, 2},
        {"1 superseded, 2 failed, 3 deployed", 3, 0, 1},
        {"1 superseded, 2 deployed, 3 failed", 3, 0, 2},
        {"1 superseded, 2 deployed, 3 pending-upgrade", 3, 0, 2},
        {"1 superseded, 2 superseded, 3 failed", 3, 0, 2},
        {"1 superseded, 2 deployed, 3 pending-rollback", 2, 0, 1},  // seen behind a crash
        {"1 deployed", 1, 0, 0},
        {"1 failed", 1, 0, 0},
        {"", 0, 0, 0},
        {"1 superseded, 2 failed, 3 deployed", 3, 2, 2},
        {"1 superseded, 2 deployed", 2, 2, 2},
        {"1 superseded, 2 deployed", 2, 9, 0},
    };
    for (auto const& r : rows) {
        CAPTURE(r.history);
        CHECK(release::rollback_target(history(r.history), r.before, r.wanted) == r.to);
    }
}

TEST_CASE("after an installation, its history says what became of it") {
    struct row {
        char const* history;
        int marked;
        std::optional<run_end> end;
        bool cancelled, again;
        int mends;
        char const* wanted;
    };
    row const rows[] = {
        {"1 deployed", 1, good(), false, false, 0, "done, deployed 1"},
        {"1 deployed", 1, unseen, false, false, 0, "done, deployed 1"},
        {"1 deployed", 1, killed(), false, false, 0, "done, deployed 1"},
        {"1 deployed", 1, stopped(), true, false, 0, "done, deployed 1"},
        {"1 deployed", 1, bad(), false, false, 0, "wrong_state, deployed 1"},
        {"1 failed", 1, late(), false, false, 0, "timed_out, failed 1"},
        {"1 failed", 1, bad(errc::denied), false, false, 0, "denied, failed 1"},
        {"1 failed", 1, stopped(), true, false, 0, "cancelled, failed 1"},
        {"1 failed", 1, stopped(), false, false, 0, "unavailable, failed 1"},
        {"1 failed", 1, unseen, true, false, 0, "cancelled, failed 1"},
        {"1 failed Release \"x\" failed: context canceled", 1, unseen, false, false, 0,
         "unavailable, failed 1"},
        {"1 failed Release \"x\" failed: context deadline exceeded", 1, unseen, false, false, 0,
         "timed_out, failed 1"},
        {"1 failed no such thing", 1, unseen, false, false, 0, "wrong_state, failed 1"},
        {"1 failed", 1, good(), false, false, 0, "broken, failed 1"},
        {"1 pending-install", 1, late(), false, false, 0, "uninstall"},
        {"1 pending-install", 1, unseen, false, false, 0, "uninstall"},
        {"1 pending-install", 1, killed(), false, false, 1, "uninstall without hooks"},
        {"1 pending-install", 1, late(), false, false, 3, "unavailable, pending-install 1"},
        {"", 0, late(), false, false, 1, "unavailable, failed 0"},
        {"", 0, unseen, false, false, 1, "unavailable, failed 0"},
        {"", 0, stopped(), true, false, 1, "cancelled, failed 0, gone"},
        {"1 uninstalling", 1, late(), false, false, 0, "uninstall"},
        {"", 0, unseen, false, false, 0, "again"},
        {"", 0, unseen, false, true, 0, "unavailable, failed 0"},
        {"", 0, unseen, true, false, 0, "cancelled, failed 0, gone"},
        {"", 0, stopped(), false, false, 0, "again"},
        {"", 0, stopped(), true, false, 0, "cancelled, failed 0, gone"},
        {"", 0, bad(errc::invalid_argument), false, false, 0, "invalid_argument, failed 0"},
        {"", 0, good(), false, false, 0, "broken, failed 0"},
        {"", 0, killed(), false, false, 0, "timed_out, failed 0"},
        {"1 deployed", 0, bad(errc::conflict), false, false, 0,
         "conflict, failed 0, gone, elsewhere"},
        {"1 pending-install", 0, unseen, false, false, 0, "conflict, failed 0, gone, elsewhere"},
        {"1 superseded, 2 pending-upgrade", 2, unseen, false, false, 0,
         "conflict, failed 0, gone, elsewhere"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.history);
        CAPTURE(r.wanted);
        release::settle_facts facts;
        facts.kind = install;
        facts.history = history(r.history);
        facts.marked = r.marked;
        facts.end = r.end;
        facts.cancel_wanted = r.cancelled;
        facts.attempted_again = r.again;
        facts.mends = r.mends;
        CHECK(words_of(settle(facts)) == r.wanted);
    }
}

TEST_CASE("after an update, its history says what became of it") {
    struct row {
        char const* history;
        int marked;
        std::optional<run_end> end;
        bool cancelled, again;
        int mends;
        char const* wanted;
    };
    // Revision 2 was the newest before.
    row const rows[] = {
        {"2 superseded, 3 deployed", 3, good(), false, false, 0, "done, deployed 3"},
        {"2 superseded, 3 deployed", 3, unseen, false, false, 0, "done, deployed 3"},
        {"2 superseded, 3 deployed", 3, killed(), false, false, 0, "done, deployed 3"},
        {"2 deployed, 3 failed", 3, late(), false, false, 0, "timed_out, failed 3"},
        {"2 deployed, 3 failed", 3, stopped(), true, false, 0, "cancelled, failed 3"},
        {"2 deployed, 3 failed", 3, unseen, false, false, 0, "unavailable, failed 3"},
        {"2 superseded, 3 failed, 4 deployed Rollback to 2", 3, bad(), false, false, 0,
         "wrong_state, deployed 4"},
        {"2 superseded, 3 failed, 4 deployed Rollback to 2", 3, unseen, false, false, 0,
         "unavailable, deployed 4"},
        {"2 deployed, 3 failed, 4 failed Rollback \"x\" failed", 3, bad(), false, false, 0,
         "wrong_state, failed 4"},
        {"2 superseded, 3 failed, 4 failed Release \"x\" failed: context deadline exceeded", 3,
         late(), false, false, 0, "timed_out, failed 4"},
        {"2 deployed, 3 failed, 4 failed Release \"x\" failed: context deadline exceeded", 3,
         unseen, false, false, 0, "timed_out, failed 4"},
        {"2 deployed, 3 failed, 4 failed Upgrade \"x\" failed: timed out", 3, late(), false, false,
         0, "timed_out, failed 4, elsewhere"},
        {"2 deployed, 3 pending-upgrade", 3, late(), false, false, 0, "roll back to 2"},
        {"2 deployed, 3 pending-upgrade", 3, unseen, false, false, 0, "roll back to 2"},
        {"2 deployed, 3 pending-upgrade", 3, unseen, false, false, 1,
         "roll back to 2 without hooks"},
        {"2 superseded, 3 failed, 4 pending-rollback", 3, unseen, false, false, 0,
         "roll back to 2"},
        {"2 failed, 3 pending-upgrade", 3, unseen, false, false, 0, "uninstall"},
        {"", 0, unseen, false, false, 1, "unavailable, failed 0"},
        {"2 superseded, 3 pending-upgrade, 4 deployed Rollback to 2", 3, late(), false, false, 1,
         "unavailable, deployed 4"},
        {"2 deployed, 3 pending-upgrade, 4 failed Rollback \"x\" failed", 3, late(), false, false,
         1, "roll back to 2 without hooks"},
        {"2 superseded, 3 superseded, 4 deployed Rollback to 2", 3, unseen, false, false, 0,
         "unavailable, deployed 4"},
        {"2 deployed", 0, unseen, false, false, 0, "again"},
        {"2 deployed", 0, unseen, false, true, 0, "unavailable, deployed 2"},
        {"2 deployed", 0, unseen, true, false, 0, "cancelled, deployed 2"},
        {"2 deployed", 0, stopped(), false, false, 0, "again"},
        {"2 deployed", 0, bad(errc::invalid_argument), false, false, 0,
         "invalid_argument, deployed 2"},
        {"2 deployed", 0, good(), false, false, 0, "broken, deployed 2"},
        {"", 0, bad(errc::not_found), false, false, 0, "not_found, uninstalled 0, gone"},
        {"2 deployed, 3 pending-upgrade", 0, bad(errc::busy), false, false, 0,
         "busy, pending-upgrade 3, elsewhere"},
        {"2 deployed, 3 pending-upgrade", 0, unseen, false, false, 0,
         "conflict, pending-upgrade 3, elsewhere"},
        {"2 superseded, 3 superseded, 4 pending-upgrade", 4, unseen, false, false, 0,
         "conflict, pending-upgrade 4, elsewhere"},
        {"2 superseded, 3 superseded, 4 deployed Upgrade complete", 4, good(), false, false, 0,
         "broken, deployed 4, elsewhere"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.history);
        CAPTURE(r.wanted);
        release::settle_facts facts;
        facts.kind = update;
        facts.before = 2;
        facts.history = history(r.history);
        facts.marked = r.marked;
        facts.end = r.end;
        facts.cancel_wanted = r.cancelled;
        facts.attempted_again = r.again;
        facts.mends = r.mends;
        CHECK(words_of(settle(facts)) == r.wanted);
    }
}

TEST_CASE("after a rollback, its history says what became of it") {
    auto const lost = bad(errc::wrong_state, "no ConfigMap with the name \"x\" found");
    struct row {
        char const* history;
        std::optional<run_end> end;
        int mends;
        char const* wanted;
    };
    // From revision 2 to revision 1.
    row const rows[] = {
        {"1 superseded, 2 superseded, 3 deployed Rollback to 1", good(), 0, "done, deployed 3"},
        {"1 superseded, 2 superseded, 3 deployed Rollback to 1", unseen, 0, "done, deployed 3"},
        {"1 superseded, 2 deployed, 3 failed Rollback \"x\" failed", late(), 0,
         "timed_out, failed 3"},
        {"1 superseded, 2 deployed, 3 failed Rollback \"x\" failed", lost, 0, "roll back to 1"},
        {"1 superseded, 2 deployed, 3 failed Release \"x\" failed: context deadline exceeded",
         late(), 0, "timed_out, failed 3"},
        {"1 superseded, 2 superseded, 3 failed Rollback failed, 4 deployed Rollback to 1", lost, 1,
         "done, deployed 4"},
        {"1 superseded, 2 deployed, 3 failed Rollback failed, 4 failed Rollback failed", lost, 1,
         "wrong_state, failed 4"},
        {"1 superseded, 2 deployed, 3 pending-rollback", unseen, 0, "roll back to 1"},
        {"1 superseded, 2 deployed, 3 pending-rollback", bad(), 0, "roll back to 1 without hooks"},
        {"1 superseded, 2 superseded, 3 pending-rollback, 4 deployed Rollback to 1", bad(), 1,
         "wrong_state, deployed 4"},
        {"1 superseded, 2 superseded, 3 pending-rollback, 4 deployed Rollback to 1", unseen, 1,
         "done, deployed 4"},
        {"1 superseded, 2 deployed, 3 pending-rollback", bad(), 3,
         "wrong_state, pending-rollback 3"},
        {"1 superseded, 2 deployed", unseen, 0, "again"},
        {"1 superseded, 2 deployed", bad(), 0, "wrong_state, deployed 2"},
        {"1 superseded, 2 superseded, 3 deployed Upgrade complete", unseen, 0,
         "conflict, deployed 3, elsewhere"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.history);
        CAPTURE(r.wanted);
        release::settle_facts facts;
        facts.kind = rollback;
        facts.before = 2;
        facts.wanted = 1;
        facts.history = history(r.history);
        facts.end = r.end;
        facts.mends = r.mends;
        CHECK(words_of(settle(facts)) == r.wanted);
    }
}

TEST_CASE("after an uninstallation, its history says what became of it") {
    struct row {
        char const* history;
        std::optional<run_end> end;
        bool again;
        int mends;
        char const* wanted;
    };
    row const rows[] = {
        {"", good(), false, 0, "done, uninstalled 2, gone"},
        {"", unseen, false, 0, "done, uninstalled 2, gone"},
        {"", bad(), false, 0, "done, uninstalled 2, gone, warned"},
        {"", bad(), false, 1, "done, uninstalled 2, gone"},
        {"2 uninstalled", good(), false, 0, "done, uninstalled 2, gone"},
        {"1 deployed", good(), false, 0, "done, uninstalled 2, gone"},  // another one came
        {"2 uninstalling", unseen, false, 0, "uninstall"},
        {"2 uninstalling", bad(), false, 1, "uninstall without hooks"},
        {"2 uninstalling", bad(), false, 3, "wrong_state, uninstalling 2"},
        {"2 deployed", unseen, false, 0, "again"},
        {"2 deployed", unseen, true, 0, "unavailable, deployed 2"},
        {"2 deployed", bad(errc::denied), false, 0, "denied, deployed 2"},
        {"2 superseded, 3 deployed", bad(), false, 0, "wrong_state, deployed 3, elsewhere"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.history);
        CAPTURE(r.wanted);
        release::settle_facts facts;
        facts.kind = uninstall;
        facts.before = 2;
        facts.history = history(r.history);
        facts.end = r.end;
        facts.attempted_again = r.again;
        facts.mends = r.mends;
        CHECK(words_of(settle(facts)) == r.wanted);
    }
}

}  // namespace pilothouse::tests::settle_test
