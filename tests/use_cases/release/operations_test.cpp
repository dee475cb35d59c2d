// Operations from their claim to their end.
#include "base/utf8.hpp"
#include "tests/use_cases/release/yard.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace pilothouse::tests::operations_test {

using release::release_status;
using storage::operation_state;
using strings = std::vector<std::string>;
using enum storage::release_status;

TEST_CASE("an installation ends deployed, its values are erased and nothing tells of them") {
    yard y;
    y.push_demo();
    auto const begun = y.install();
    REQUIRE(begun);
    auto const o = y.finish(begun->operation.id);
    CHECK(outcome(o) == "done");
    CHECK(o.revision_before == 0);
    CHECK(o.helm_version == "v4.2.4");
    auto const r = y.release_of(o.release);
    CHECK(r.status == deployed);
    CHECK(r.revision == 1);
    CHECK(r.seen);
    CHECK_FALSE(r.changed_elsewhere);
    CHECK(y.helm.calls == strings{"install web/shop"});
    CHECK(y.helm.values_seen == strings{R"({"db":{"password":"pl4nted-5ecret"}})"});
    auto const& hidden = y.helm.redacted_seen.at(0);
    CHECK(std::ranges::find(hidden, planted) != hidden.end());
    CHECK(std::ranges::find(hidden, cluster_token) != hidden.end());
    CHECK(run_to_end(y.stores->operations().reclaim(o.id)).error().code == errc::not_found);
    strings what;
    for (auto const& e : y.events(o.id)) {
        what.push_back(e.what);
        CHECK(e.text.find(planted) == std::string::npos);
    }
    CHECK(what == strings{"queued", "started", "helm", "finished"});
    CHECK(y.helm.archives_seen.back().ends_with(".tgz"));
    CHECK(std::filesystem::is_empty(y.parts.folder));
}

TEST_CASE("an update keeps the values that Helm has, unless others come or none are wanted") {
    yard y;
    auto const r = y.installed();
    y.push_demo("1.1.0");
    CHECK(outcome(y.finish(y.update(r.id, "1.1.0")->operation.id)) == "done");
    CHECK(y.helm.values_seen.back() == R"({"db":{"password":"pl4nted-5ecret"}})");
    CHECK(y.release_of(r.id).source.version == "1.1.0");
    CHECK(y.release_of(r.id).revision == 2);
    release::update_request wanted;
    wanted.release = r.id;
    wanted.values.pairs.push_back({"a", secret("1")});
    CHECK(outcome(y.finish(run_to_end(y.change.update(y.use(), wanted))->operation.id)) == "done");
    CHECK(y.helm.values_seen.back() == R"({"a":1})");
    wanted.values.pairs.clear();
    wanted.reset_values = true;
    CHECK(outcome(y.finish(run_to_end(y.change.update(y.use(), wanted))->operation.id)) == "done");
    CHECK(y.helm.values_seen.back() == "{}");
    CHECK(y.helm.calls == strings(3, "upgrade web/shop"));
}

TEST_CASE("an uninstalled release is gone, and its name is free") {
    yard y;
    auto const r = y.installed();
    CHECK(outcome(y.finish(y.uninstall(r.id)->operation.id)) == "done");
    CHECK(y.found(r.id).error().code == errc::not_found);
    CHECK(y.uninstall(r.id).error().code == errc::not_found);
    CHECK(y.history().empty());
    CHECK(y.install());
}

TEST_CASE("what somebody uninstalled by hand is uninstalled") {
    yard y;
    auto const r = y.installed();
    y.helm.cluster.clear();
    CHECK(outcome(y.finish(y.uninstall(r.id)->operation.id)) == "done");
    CHECK(y.helm.calls.empty());
    CHECK(y.found(r.id).error().code == errc::not_found);
}

TEST_CASE("a rollback goes to the revision before, or to the one that is named") {
    yard y;
    auto const r = y.installed();
    y.push_demo("1.1.0");
    CHECK(outcome(y.finish(y.update(r.id, "1.1.0")->operation.id)) == "done");
    y.helm.cluster[{"web", "shop"}].back().chart = "demo-1.1.0";
    CHECK(outcome(y.finish(y.roll_back(r.id)->operation.id)) == "done");
    CHECK(y.helm.calls.back() == "rollback web/shop 1");
    CHECK(y.release_of(r.id).revision == 3);
    CHECK(y.release_of(r.id).source.version == "1.0.0");
    CHECK(outcome(y.finish(y.roll_back(r.id, 2)->operation.id)) == "done");
    CHECK(y.release_of(r.id).source.version == "1.1.0");
    auto const none = y.finish(y.roll_back(r.id, 77)->operation.id);
    CHECK(none.error->code == errc::not_found);
    CHECK(y.release_of(r.id).status == deployed);
}

TEST_CASE("what fails stays to be seen, with its reason and without its secrets") {
    struct row {
        errc code;
        std::optional<release_status> leaves;
        release_status seen;
        int revision;
    };
    row const rows[] = {
        {errc::timed_out, failed, failed, 1},
        {errc::denied, failed, failed, 1},
        {errc::wrong_state, failed, failed, 1},
        {errc::invalid_argument, std::nullopt, failed, 0},
        {errc::unavailable, std::nullopt, failed, 0},
    };
    for (auto const& row : rows) {
        yard y;
        y.push_demo();
        y.helm.script.push_back(
            run_that_fails(row.code, std::string("because of ") + planted, row.leaves));
        auto const o = y.finish(y.install()->operation.id);
        REQUIRE(o.error);
        CHECK(o.error->code == row.code);
        CHECK(o.error->message == "because of [redacted]");
        auto const r = y.release_of(o.release);
        CHECK(r.status == row.seen);
        CHECK(r.revision == row.revision);
        CHECK(r.description.find(planted) == std::string::npos);
        // It can be put away, and come again.
        CHECK(outcome(y.finish(y.uninstall(r.id)->operation.id)) == "done");
        CHECK(outcome(y.finish(y.install()->operation.id)) == "done");
    }
}

TEST_CASE("long words of Helm are cut between two characters") {
    yard y;
    y.push_demo();
    std::string words = "x";
    while (words.size() < 5000) words += "\u043d\u0435\u0442 ";
    y.helm.script.push_back(run_that_fails(errc::invalid_argument, words));
    auto const o = y.finish(y.install()->operation.id);
    CHECK(o.error->message.size() > 4000);
    auto texts = strings{o.error->message, y.release_of(o.release).description};
    for (auto const& e : y.events(o.id)) texts.push_back(e.text);
    for (auto const& text : texts) {
        CAPTURE(text);
        bool good = true;
        for (std::size_t at = 0; at < text.size();) good &= next_code_point(text, at) != not_utf8;
        CHECK(good);
    }
}

TEST_CASE("an installation that came to nothing is made good by an update with values") {
    yard y;
    y.push_demo();
    y.helm.script.push_back(run_that_fails(errc::invalid_argument, "no", std::nullopt));
    auto const r = y.finish(y.install()->operation.id).release;
    auto const kept = y.finish(y.update(r)->operation.id);
    CHECK(kept.error->code == errc::invalid_argument);
    release::update_request wanted;
    wanted.release = r;
    wanted.values.pairs.push_back({"a", secret("1")});
    CHECK(outcome(y.finish(run_to_end(y.change.update(y.use(), wanted))->operation.id)) == "done");
    CHECK(y.helm.calls.back() == "install web/shop");
    CHECK(y.release_of(r).status == deployed);
}

TEST_CASE("a child that says it went well is not believed against the history") {
    yard y;
    y.push_demo();
    scripted_run run;
    run.leaves = failed;
    y.helm.script.push_back(run);
    auto const o = y.finish(y.install()->operation.id);
    CHECK(o.error->code == errc::broken);
    CHECK(y.release_of(o.release).status == failed);
}

TEST_CASE("a failed update leaves the version in force, and is rolled back before the next one") {
    yard y;
    auto const r = y.installed();
    y.push_demo("1.1.0");
    y.helm.script.push_back(run_that_fails(errc::timed_out, "not ready"));
    auto const o = y.finish(y.update(r.id, "1.1.0")->operation.id);
    CHECK(o.error->code == errc::timed_out);
    CHECK(y.release_of(r.id).status == failed);
    CHECK(y.release_of(r.id).source.version == "1.0.0");
    y.helm.calls.clear();
    CHECK(outcome(y.finish(y.update(r.id, "1.1.0")->operation.id)) == "done");
    CHECK(y.helm.calls == strings{"rollback web/shop 1", "upgrade web/shop"});
    CHECK(y.release_of(r.id).revision == 4);
}

TEST_CASE("a wait that leaves a pending revision was a cluster that was away, and is mended") {
    yard y;
    auto const r = y.installed();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "deadline", pending_upgrade));
    auto const o = y.finish(y.update(r.id)->operation.id);
    CHECK(o.error->code == errc::unavailable);
    CHECK(y.helm.calls == strings{"upgrade web/shop", "rollback web/shop 1"});
    CHECK(y.release_of(r.id).status == deployed);
    CHECK(y.release_of(r.id).revision == 3);
}

TEST_CASE("an installation left pending is taken away, and stays to be seen as failed") {
    yard y;
    y.push_demo();
    y.helm.script.push_back(run_that_fails(errc::timed_out, "deadline", pending_install));
    auto const o = y.finish(y.install()->operation.id);
    CHECK(o.error->code == errc::unavailable);
    CHECK(y.helm.calls == strings{"install web/shop", "uninstall web/shop"});
    CHECK(y.release_of(o.release).status == failed);
    CHECK(y.release_of(o.release).revision == 0);
}

TEST_CASE("an uninstallation that hangs in its hooks ends without them") {
    yard y;
    auto const r = y.installed();
    y.helm.script.push_back(run_that_fails(errc::wrong_state, "hook failed", uninstalling));
    y.helm.mending_script.push_back(run_that_fails(errc::wrong_state, "again", uninstalling));
    auto const o = y.finish(y.uninstall(r.id)->operation.id);
    CHECK(outcome(o) == "done");
    CHECK(y.helm.calls ==
          strings{"uninstall web/shop", "uninstall web/shop", "uninstall web/shop without hooks"});
    CHECK(y.found(r.id).error().code == errc::not_found);
}

TEST_CASE("a pending revision of somebody else is never touched") {
    yard y;
    auto const r = y.installed();
    y.helm.add("web", "shop", pending_upgrade, "", "Preparing upgrade");
    auto const id = y.helm.cluster[{"web", "shop"}].front().operation;
    y.helm.cluster[{"web", "shop"}].back().operation = id;  // labels are inherited
    for (auto const& begun : {y.update(r.id)}) {
        auto const o = y.finish(begun->operation.id);
        REQUIRE(o.error);
        CHECK(o.error->code == errc::wrong_state);
        CHECK(o.error->message.find("revision 2 is pending-upgrade") != std::string::npos);
    }
    CHECK(y.finish(y.uninstall(r.id)->operation.id).error->code == errc::wrong_state);
    CHECK(y.finish(y.roll_back(r.id)->operation.id).error->code == errc::wrong_state);
    CHECK(y.helm.calls.empty());
    CHECK(y.release_of(r.id).changed_elsewhere);
    CHECK(y.release_of(r.id).status == pending_upgrade);
}

TEST_CASE("an uninstallation by hand is not undone, one of ours that stopped is") {
    yard y;
    auto const r = y.installed();
    y.helm.cluster[{"web", "shop"}].back().status = uninstalling;
    CHECK(y.finish(y.update(r.id)->operation.id).error->code == errc::wrong_state);
    CHECK(y.finish(y.roll_back(r.id)->operation.id).error->code == errc::wrong_state);
    CHECK(y.helm.calls.empty());
    y.helm.cluster[{"web", "shop"}].back().status = deployed;
    CHECK(outcome(y.finish(y.update(r.id)->operation.id)) == "done");
    for (int i = 0; i < 4; ++i) {
        auto stuck = run_that_fails(errc::timed_out, "hook", uninstalling);
        (i == 0 ? y.helm.script : y.helm.mending_script).push_back(std::move(stuck));
    }
    CHECK(y.finish(y.uninstall(r.id)->operation.id).error);
    CHECK(y.history().back().second == uninstalling);
    y.helm.calls.clear();
    CHECK(outcome(y.finish(y.update(r.id)->operation.id)) == "done");
    CHECK(y.helm.calls == strings{"rollback web/shop 2", "upgrade web/shop"});
}

TEST_CASE("a release of that name that was made by hand is left alone") {
    yard y;
    y.push_demo();
    y.helm.add("web", "shop", deployed);
    auto const o = y.finish(y.install()->operation.id);
    CHECK(o.error->code == errc::conflict);
    CHECK(y.helm.calls.empty());
    CHECK(y.found(o.release).error().code == errc::not_found);
    CHECK(y.history() == yard::revisions{{1, deployed}});
}

TEST_CASE("a cluster that is away before the run fails the operation, and nothing was run") {
    yard y;
    y.push_demo();
    y.helm.always_away = failure(errc::unavailable, "connection refused");
    auto const o = y.finish(y.install()->operation.id);
    CHECK(outcome(o) == "unavailable: connection refused");
    CHECK(y.helm.calls.empty());
}

TEST_CASE("a cluster that is away for a moment is waited for") {
    yard y;
    y.push_demo();
    y.times.patience = std::chrono::seconds(10);
    y.helm.away.assign(3, failure(errc::unavailable, "connection refused"));
    CHECK(outcome(y.finish(y.install()->operation.id)) == "done");
}

TEST_CASE("a cluster that is away behind the run keeps the operation running until it is back") {
    yard y;
    y.push_demo();
    scripted_run run;
    run.before = [&] { y.helm.away.assign(20, failure(errc::unavailable, "no route")); };
    y.helm.script.push_back(run);
    auto const o = y.finish(y.install()->operation.id);
    CHECK(outcome(o) == "done");
    auto const told = y.events(o.id);
    CHECK(std::ranges::count(told, "waiting", &storage::operation_event::what) == 20);
}

TEST_CASE("one whose cluster does not come back ends, and the next operation mends what it left") {
    yard y;
    auto const r = y.installed();
    y.times.stranded = std::chrono::milliseconds(5);
    auto run = run_that_fails(errc::timed_out, "deadline", pending_upgrade);
    run.before = [&] { y.helm.always_away = failure(errc::unavailable, "no route"); };
    y.helm.script.push_back(run);
    auto const o = y.finish(y.update(r.id)->operation.id);
    CHECK(o.error->code == errc::unavailable);
    CHECK(y.release_of(r.id).status == unknown);
    y.helm.always_away.reset();
    y.helm.calls.clear();
    CHECK(outcome(y.finish(y.update(r.id)->operation.id)) == "done");
    CHECK(y.helm.calls == strings{"rollback web/shop 1", "upgrade web/shop"});
}

TEST_CASE("credentials that are revoked in the midst end the operation after some tries") {
    yard y;
    y.push_demo();
    scripted_run run;
    run.before = [&] { y.helm.always_away = failure(errc::wrong_state, "credentials"); };
    y.helm.script.push_back(run);
    auto const o = y.finish(y.install()->operation.id);
    CHECK(outcome(o) == "wrong_state: credentials");
    CHECK(y.release_of(o.release).status == unknown);
}

TEST_CASE("a cancelled operation that waits never begins") {
    yard y;
    y.push_demo();
    auto const begun = y.install();
    auto const o = run_to_end(y.read.cancel(y.use(), begun->operation.id));
    REQUIRE(o);
    CHECK(o->state == operation_state::done);
    CHECK(o->error->code == errc::cancelled);
    CHECK(y.found(o->release).error().code == errc::not_found);
    CHECK(run_to_end(y.read.cancel(y.use(), o->id))->error->code == errc::cancelled);
}

TEST_CASE("a cancelled installation is stopped, and stays to be seen as failed") {
    yard y;
    y.push_demo();
    scripted_run run;
    run.hangs = true;
    run.leaves = failed;
    y.helm.script.push_back(run);
    auto const id = y.install()->operation.id;
    bool asked = false;
    y.run_until([&] {
        if (y.helm.running == 1 && !asked) {
            asked = true;
            auto const o = run_to_end(y.read.cancel(y.use(), id));
            CHECK(o->state == operation_state::cancelling);
        }
        return y.is_done(id);
    });
    CHECK(y.operation(id).error->code == errc::cancelled);
    CHECK(y.release_of(y.operation(id).release).status == failed);
    CHECK(y.history() == yard::revisions{{1, failed}});
}

TEST_CASE("a cancelled update that was pending is rolled back") {
    yard y;
    auto const r = y.installed();
    scripted_run run;
    run.hangs = true;
    run.leaves = pending_upgrade;
    y.helm.script.push_back(run);
    auto const id = y.update(r.id)->operation.id;
    y.run_until([&] {
        if (y.helm.running == 1) static_cast<void>(run_to_end(y.read.cancel(y.use(), id)));
        return y.is_done(id);
    });
    CHECK(y.operation(id).error->code == errc::cancelled);
    CHECK(y.release_of(r.id).status == deployed);
    CHECK(y.helm.calls == strings{"upgrade web/shop", "rollback web/shop 1"});
}

TEST_CASE("an uninstallation that runs is not cancelled, because it would be left half done") {
    yard y;
    auto const r = y.installed();
    auto const id = y.uninstall(r.id)->operation.id;
    scripted_run run;
    run.before = [&] {
        auto const refused = run_to_end(y.read.cancel(y.use(), id));
        CHECK(refused.error().code == errc::wrong_state);
    };
    y.helm.script.push_back(run);
    CHECK(outcome(y.finish(id)) == "done");
}

TEST_CASE("limits hold overall and for each cluster, and no cluster waits for another") {
    yard y;
    y.push_demo();
    y.add_cluster("prod");
    y.parts.limits.running = 3;
    y.parts.limits.running_in_cluster = 2;
    strings ids;
    for (int i = 0; i < 12; ++i) {
        auto wanted = yard::installation();
        wanted.name = "shop" + std::to_string(i);
        ids.push_back(y.install(wanted)->operation.id);
    }
    auto wanted = yard::installation();
    wanted.name = "last";
    auto const last = run_to_end(y.change.install(y.use("prod"), wanted))->operation.id;
    std::map<std::string, int> most;
    bool early = false;
    y.run_until([&] {
        int done = 0;
        for (auto const& id : ids) done += y.is_done(id) ? 1 : 0;
        if (y.is_done(last) && done < 6) early = true;
        return done == 12 && y.is_done(last);
    });
    CHECK(early);
    CHECK(y.helm.running_most <= 3);
    CHECK(y.helm.running_most >= 2);
}

TEST_CASE("a queue that is full takes no more, neither does one that is full of a caller's") {
    yard y;
    y.push_demo();
    y.parts.limits.waiting = 2;
    auto const install = [&](std::string name) {
        auto wanted = yard::installation();
        wanted.name = std::move(name);
        return y.install(wanted);
    };
    CHECK(install("a"));
    CHECK(install("b"));
    CHECK(install("c").error().code == errc::unavailable);
}

TEST_CASE("a server that stops asks its children to end, and what was cut off runs again") {
    yard y;
    y.push_demo();
    scripted_run run;
    run.hangs = true;
    run.leaves = std::nullopt;
    y.helm.script.push_back(run);
    auto const id = y.install()->operation.id;
    y.run_until([&] { return y.helm.running == 1; });
    CHECK(y.operation(id).state == operation_state::queued);
    CHECK(outcome(y.finish(id)) == "done");
    CHECK(y.history() == yard::revisions{{1, deployed}});
}

}  // namespace pilothouse::tests::operations_test
