// Servers that die in the midst, and what the next one makes of it.
#include "tests/use_cases/release/yard.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

namespace pilothouse::tests::recovery_test {

using release::release_status;
using storage::operation_state;
using strings = std::vector<std::string>;
using enum storage::release_status;

namespace {

// The server dies while Helm runs; Helm leaves this, and says nothing to anybody.
void die_in_the_run(yard& y, std::optional<release_status> leaves,
                    std::string description = "pending") {
    scripted_run run;
    run.hangs = true;
    run.deaf = true;
    y.helm.script.push_back(run);
    auto const in_hand = [&y] {
        storage::operation_filter filter;
        filter.unfinished = true;
        return run_to_end(y.stores->operations().list(filter, 0, 10));
    };
    // Else it mends.
    y.kill_when([&] { return y.helm.running == 1 && in_hand().front().revision_before; });
    y.helm.running = 0;
    auto const unfinished = in_hand();
    REQUIRE(unfinished.size() == 1);
    if (!leaves) return;
    if (*leaves == uninstalling)
        y.helm.cluster[{"web", "shop"}].back().status = uninstalling;
    else
        y.helm.add("web", "shop", *leaves, unfinished[0].id, std::move(description));
}

std::uint64_t start_time(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string const text(std::istreambuf_iterator<char>(file), {});
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string field;
    for (int i = 0; i < 20; ++i) fields >> field;
    return std::stoull(field);
}

}  // namespace

TEST_CASE("an installation whose server died ends as its history says") {
    struct row {
        std::optional<release_status> left;
        char const* description;
        char const* outcome;
        std::optional<release_status> seen;
        strings calls;
    };
    row const rows[] = {
        {deployed, "Install complete", "done", deployed, {}},
        {failed, "context canceled", "unavailable", failed, {}},
        {failed, "context deadline exceeded", "timed_out", failed, {}},
        {pending_install, "pending", "unavailable", failed, {"uninstall web/shop"}},
        {std::nullopt, "", "done", deployed, {"install web/shop"}},
    };
    for (auto const& r : rows) {
        CAPTURE(r.description);
        yard y;
        y.push_demo();
        auto const id = y.install()->operation.id;
        die_in_the_run(y, r.left, r.description);
        y.helm.calls.clear();
        auto const o = y.finish(id);
        CHECK(outcome(o).starts_with(r.outcome));
        CHECK(y.helm.calls == r.calls);
        CHECK(y.release_of(o.release).status == r.seen);
        // Nothing is left that the next one could not mend.
        CHECK(outcome(y.finish(y.uninstall(o.release)->operation.id)) == "done");
        CHECK(y.history().empty());
    }
}

TEST_CASE("an update whose server died ends as its history says") {
    struct row {
        std::optional<release_status> left;
        char const* description;
        char const* outcome;
        release_status seen;
        int revision;
        strings calls;
    };
    row const rows[] = {
        {deployed, "Upgrade complete", "done", deployed, 2, {}},
        {failed, "context canceled", "unavailable", failed, 2, {}},
        {pending_upgrade, "pending", "unavailable", deployed, 3, {"rollback web/shop 1"}},
        {std::nullopt, "", "done", deployed, 2, {"upgrade web/shop"}},
    };
    for (auto const& r : rows) {
        CAPTURE(r.outcome);
        yard y;
        auto const release = y.installed();
        auto const id = y.update(release.id)->operation.id;
        die_in_the_run(y, r.left, r.description);
        y.helm.calls.clear();
        CHECK(outcome(y.finish(id)).starts_with(r.outcome));
        CHECK(y.helm.calls == r.calls);
        CHECK(y.release_of(release.id).status == r.seen);
        CHECK(y.release_of(release.id).revision == r.revision);
        CHECK(outcome(y.finish(y.update(release.id)->operation.id)) == "done");
    }
}

TEST_CASE("an uninstallation and a rollback whose server died are brought to their end") {
    SUBCASE("half uninstalled") {
        yard y;
        auto const release = y.installed();
        auto const id = y.uninstall(release.id)->operation.id;
        die_in_the_run(y, uninstalling);
        CHECK(outcome(y.finish(id)) == "done");
        CHECK(y.history().empty());
    }
    SUBCASE("wholly uninstalled") {
        yard y;
        auto const release = y.installed();
        auto const id = y.uninstall(release.id)->operation.id;
        die_in_the_run(y, std::nullopt);
        y.helm.cluster.clear();
        y.helm.calls.clear();
        CHECK(outcome(y.finish(id)) == "done");
        CHECK(y.helm.calls.empty());
    }
    SUBCASE("half rolled back") {
        yard y;
        auto const release = y.installed();
        CHECK(outcome(y.finish(y.update(release.id)->operation.id)) == "done");
        auto const id = y.roll_back(release.id)->operation.id;
        die_in_the_run(y, pending_rollback, "Rollback to 1");
        y.helm.calls.clear();
        CHECK(outcome(y.finish(id)) == "done");
        CHECK(y.helm.calls == strings{"rollback web/shop 1"});
        CHECK(y.release_of(release.id).status == deployed);
    }
}

TEST_CASE("what leaves no trace twice is not tried a third time") {
    yard y;
    y.push_demo();
    auto const id = y.install()->operation.id;
    die_in_the_run(y, std::nullopt);
    die_in_the_run(y, std::nullopt);
    auto const o = y.finish(id);
    CHECK(o.error->code == errc::unavailable);
    CHECK(y.helm.calls == strings(2, "install web/shop"));
    CHECK(y.release_of(o.release).status == failed);
}

TEST_CASE("one that was to be cancelled when its server died is cancelled") {
    yard y;
    y.push_demo();
    auto const id = y.install()->operation.id;
    die_in_the_run(y, std::nullopt);
    CHECK(run_to_end(y.read.cancel(y.use(), id))->state == operation_state::cancelling);
    auto const o = y.finish(id);
    CHECK(o.error->code == errc::cancelled);
    CHECK(y.found(o.release).error().code == errc::not_found);
    CHECK(y.helm.calls.size() == 1);
}

TEST_CASE("a server that died before Helm was asked begins anew") {
    yard y;
    auto const release = y.installed();
    auto const id = y.update(release.id)->operation.id;
    y.helm.always_away = failure(errc::unavailable, "no route");
    y.times.patience = std::chrono::seconds(10);
    y.kill_when([&] { return y.peek(id).state == operation_state::running; });
    y.helm.always_away.reset();
    CHECK(outcome(y.finish(id)) == "done");
    CHECK(y.helm.calls == strings{"upgrade web/shop"});
}

TEST_CASE("what is queued anew can be cancelled, though the run before it is not quite over") {
    yard y;
    auto const release = y.installed();
    auto const id = y.update(release.id)->operation.id;
    y.helm.always_away = failure(errc::unavailable, "no route");
    y.times.patience = std::chrono::seconds(10);
    y.kill_when([&] { return y.peek(id).state == operation_state::running; });
    y.helm.always_away.reset();
    scripted_run run;
    run.hangs = true;
    run.leaves = std::nullopt;
    y.helm.script.push_back(run);
    y.noted.takes = std::chrono::milliseconds(50);
    int looks_while_it_runs = 0;
    y.run_until([&] {
        y.parts.work_waits();  // so that it is claimed at once
        if (y.helm.running == 1 && ++looks_while_it_runs == 200) {
            // The run before it has said all by now.
            CHECK(run_to_end(y.read.cancel(y.use(), id))->state == operation_state::cancelling);
        }
        return y.is_done(id);
    });
    CHECK(y.operation(id).error->code == errc::cancelled);
    CHECK(y.release_of(release.id).status == deployed);
}

TEST_CASE("a server that died in the midst of mending goes on with it") {
    yard y;
    auto const release = y.installed();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "not ready"));
    CHECK(y.finish(y.update(release.id)->operation.id).error);
    y.helm.child = {1, 1};  // noted, and gone
    scripted_run half;
    half.hangs = half.deaf = true;
    y.helm.mending_script.push_back(half);
    auto const id = y.update(release.id)->operation.id;
    y.kill_when([&] { return y.helm.running == 1 && y.peek(id).process.number != 0; });
    y.helm.running = 0;
    y.helm.add("web", "shop", pending_rollback, "", "Rollback to 1");
    y.helm.calls.clear();
    CHECK(outcome(y.finish(id)) == "done");
    CHECK(y.helm.calls == strings{"rollback web/shop 1", "upgrade web/shop"});
}

TEST_CASE("what was mended before a run that leaves nothing is known to be ours") {
    yard y;
    auto const release = y.installed();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "not ready"));
    CHECK(y.finish(y.update(release.id)->operation.id).error);
    SUBCASE("Helm says why") {
        y.helm.script.push_back(run_that_fails(errc::wrong_state, "no", std::nullopt));
        CHECK(y.finish(y.update(release.id)->operation.id).error);
    }
    SUBCASE("the server died twice") {
        auto const id = y.update(release.id)->operation.id;
        die_in_the_run(y, std::nullopt);
        die_in_the_run(y, std::nullopt);
        CHECK(y.finish(id).error->code == errc::unavailable);
    }
    SUBCASE("it was cancelled while it was mended") {
        auto const id = y.update(release.id)->operation.id;
        scripted_run mending;
        mending.before = [&] { CHECK(run_to_end(y.read.cancel(y.use(), id))); };
        y.helm.mending_script.push_back(mending);
        CHECK(y.finish(id).error->code == errc::cancelled);
    }
    auto const now = y.release_of(release.id);
    CHECK(now.revision == 3);
    CHECK(now.status == deployed);
    CHECK_FALSE(now.changed_elsewhere);
}

TEST_CASE("what a human's Helm is at is left alone, though a child of ours was noted before") {
    for (bool const mending : {false, true}) {
        CAPTURE(mending);
        yard y;
        auto const release = y.installed();
        y.helm.child = {1, 1};  // noted, and gone
        if (mending) {
            y.helm.script.push_back(run_that_fails(errc::timed_out, "not ready"));
            CHECK(y.finish(y.update(release.id)->operation.id).error);
        }
        scripted_run half;
        half.hangs = half.deaf = true;
        (mending ? y.helm.mending_script : y.helm.script).push_back(half);
        auto const id = y.update(release.id)->operation.id;
        y.kill_when([&] { return y.helm.running == 1 && y.peek(id).process.number != 0; });
        y.helm.running = 0;
        // Found, and queued anew, while the cluster is away; a human comes first.
        y.parts.limits.running = 0;
        y.run_until([&] { return y.peek(id).state == operation_state::queued; });
        y.parts.limits.running = 4;
        y.helm.add("web", "shop", pending_upgrade, "", "Preparing upgrade");
        y.helm.calls.clear();
        CHECK(y.finish(id).error->code == errc::wrong_state);
        CHECK(y.helm.calls.empty());
        CHECK(y.history().back().second == pending_upgrade);
    }
}

TEST_CASE("a server that died while it mended behind a run goes on with that") {
    yard y;
    auto const release = y.installed();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "deadline", pending_upgrade));
    scripted_run half;
    half.hangs = half.deaf = true;
    y.helm.mending_script.push_back(half);
    auto const id = y.update(release.id)->operation.id;
    y.kill_when([&] { return y.helm.running == 1 && y.history().size() == 2; });
    y.helm.running = 0;
    y.helm.add("web", "shop", pending_rollback, "", "Rollback to 1");
    CHECK(y.finish(id).error->code == errc::unavailable);
    CHECK(y.release_of(release.id).status == deployed);
    CHECK_FALSE(y.release_of(release.id).changed_elsewhere);
}

TEST_CASE("a child that outlived its server is asked to end, and made to, before anything else") {
    for (bool const stubborn : {false, true}) {
        CAPTURE(stubborn);
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        auto const child = ::fork();
        if (child == 0) {
            ::setpgid(0, 0);
            ::signal(SIGTERM, stubborn ? SIG_IGN : SIG_DFL);
            static_cast<void>(!::write(ready[1], "x", 1));
            for (;;) ::pause();
        }
        char byte = 0;
        REQUIRE(::read(ready[0], &byte, 1) == 1);
        ::close(ready[0]);
        ::close(ready[1]);
        yard y;
        y.push_demo();
        y.helm.child = {child, start_time(child)};
        auto const id = y.install()->operation.id;
        scripted_run run;
        run.hangs = run.deaf = true;
        y.helm.script.push_back(run);
        y.kill_when([&] { return y.peek(id).process.number != 0; });
        y.helm.running = 0;
        y.helm.child = {};
        y.helm.calls.clear();
        CHECK(outcome(y.finish(id)) == "done");
        int how = 0;
        REQUIRE(::waitpid(child, &how, 0) == child);
        CHECK(WTERMSIG(how) == (stubborn ? SIGKILL : SIGTERM));
        CHECK(y.helm.calls == strings{"install web/shop"});
    }
}

TEST_CASE("one whose cluster is away when the server starts stays running until it is back") {
    yard y;
    y.push_demo();
    auto const id = y.install()->operation.id;
    die_in_the_run(y, deployed, "Install complete");
    y.helm.always_away = failure(errc::unavailable, "no route");
    int looks = 0;
    y.run_until([&] {
        CHECK(y.peek(id).state == operation_state::running);
        return ++looks == 20;
    });
    CHECK(y.operation(id).state == operation_state::running);
    y.helm.always_away.reset();
    CHECK(outcome(y.finish(id)) == "done");
}

TEST_CASE("a question that is not answered because the server ends is no answer") {
    yard y;
    y.push_demo();
    auto const id = y.install()->operation.id;
    y.times.patience = std::chrono::milliseconds(0);
    y.helm.history_takes = std::chrono::milliseconds(50);
    y.helm.always_away = failure(errc::unavailable, "the server is being stopped");
    y.run_until([&] { return y.helm.histories > 0; });
    CHECK(y.operation(id).state == operation_state::queued);
    y.helm.history_takes = std::chrono::milliseconds(0);
    y.helm.always_away.reset();
    CHECK(outcome(y.finish(id)) == "done");
    CHECK_FALSE(y.operation(id).attempted_again);
}

}  // namespace pilothouse::tests::recovery_test
