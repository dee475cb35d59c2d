// A server that goes down, or whose store fails, at any moment of a deployment's begin.
#include "deploy/waiting_line.hpp"

#include "base/descriptor.hpp"
#include "tests/use_cases/deploy/quay.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace pilothouse::tests::kills_test {

using storage::deployment_kind;
using storage::deployment_outcome;

namespace {

constexpr std::array faults{fault::failure, fault::exception, fault::lost};
constexpr int calls_max = 200;

// What is asked, of a service of demo 1.0.0.
struct errand {
    deployment_kind kind;
    bool installed;         // before
    std::string well;       // the service's state at the end
    std::string not_begun;  // and where nothing began
};

// Asks with one call spoiled; false: there was no such call any more.
bool ask(quay& q, errand const& e, std::string const& uuid, int call, fault how) {
    auto const a = q.of(uuid);
    q.faulty.fuse.blow_at(call, how);
    try {
        switch (e.kind) {
            case deployment_kind::deploy:
                static_cast<void>(run_to_end(q.deploying.deploy(a, e.installed ? "1.1.0" : "")));
                break;
            case deployment_kind::stop: static_cast<void>(run_to_end(q.deploying.stop(a))); break;
            case deployment_kind::restart:
                static_cast<void>(run_to_end(q.deploying.restart(a)));
                break;
            case deployment_kind::uninstall:
                static_cast<void>(run_to_end(q.deploying.uninstall(a)));
                break;
            default: static_cast<void>(run_to_end(q.deploying.remove(a, false)));
        }
    } catch (std::runtime_error const&) {
        // as good as a kill: nothing was done behind it
    }
    bool const blown = q.faulty.fuse.calls() >= call;
    q.faulty.fuse.blow_at(0, fault::failure);
    return blown;
}

// The history says what happened, and nothing else.
void check_history(quay& q, errand const& e, std::string const& uuid, bool begun) {
    auto const rows = run_to_end(q.deploying.history(q.of(uuid), 10));
    auto const of_kind = [&](auto const& d) {
        return d.kind == e.kind && d.outcome == deployment_outcome::success;
    };
    std::size_t const before = e.installed && e.kind == deployment_kind::deploy ? 1 : 0;
    CHECK(static_cast<std::size_t>(std::ranges::count_if(rows, of_kind)) ==
          before + (begun ? 1 : 0));
    for (auto const& d : rows) {
        CHECK(d.outcome != deployment_outcome::none);
        CHECK(d.chart == "demo");
    }
    if (begun && e.kind == deployment_kind::deploy)
        CHECK(rows.front().version == (e.installed ? "1.1.0" : "1.0.0"));
}

void check_errand(errand const& e, int call, fault how, bool& more) {
    quay q;
    auto const uuid = q.service();
    q.push_demo("1.1.0");
    if (e.installed) REQUIRE(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
    more = ask(q, e, uuid, call, how);
    bool const begun = run_to_end(q.stores->operations().count()).queued == 1;
    q.work();
    auto const state = q.state(uuid);
    CHECK(state == (begun ? e.well : e.not_begun));
    if (state == name_of(errc::not_found)) return;
    check_history(q, e, uuid, begun);
    auto const version = run_to_end(q.configure.find(q.of(uuid)))->configuration.version;
    bool const pinned = begun && e.installed && e.kind == deployment_kind::deploy;
    CHECK(version == (pinned ? "1.1.0" : "1.0.0"));
    // Nothing of it is in the way of the next.
    CHECK(q.deployed(uuid) == "DEPLOYED UP_TO_DATE");
}

void check_everywhere(errand const& e) {
    for (auto const how : faults) {
        bool more = true;
        int call = 1;
        for (; more && call < calls_max; ++call) {
            CAPTURE(call);
            CAPTURE(static_cast<int>(how));
            check_errand(e, call, how, more);
        }
        CHECK(call > 4);  // there is something that can fail
        CHECK(call < calls_max);
    }
}

}  // namespace

TEST_CASE("a first deploy that goes down anywhere") {
    check_everywhere(
        {deployment_kind::deploy, false, "DEPLOYED UP_TO_DATE", "READY NEVER_DEPLOYED"});
}

TEST_CASE("who comes while a first deploy begins meets it, and nothing else") {
    bool more = true;
    int call = 1;
    for (; more && call < calls_max; ++call) {
        CAPTURE(call);
        quay q;
        auto const uuid = q.service();
        std::string seen;
        bool second = false;
        q.faulty.fuse.do_before(call, [&] {
            seen = q.state(uuid);
            auto const other = run_to_end(q.deploying.deploy(q.of(uuid), ""));
            second = other.has_value();
            if (!second) CHECK(other.error().code == errc::busy);
        });
        auto const first = run_to_end(q.deploying.deploy(q.of(uuid), ""));
        more = !seen.empty();
        q.faulty.fuse.blow_at(0, fault::failure);
        CHECK(seen.find("ERROR") == std::string::npos);
        // One of the two, and the other is told so.
        CHECK(second != first.has_value());
        if (!first) CHECK(first.error().code == errc::busy);
        q.work();
        CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
        CHECK(run_to_end(q.deploying.history(q.of(uuid), 10)).size() == 1);
    }
    CHECK(call > 10);
    CHECK(call < calls_max);
}

TEST_CASE("of two that come at once one waits, where there is room") {
    bool more = true;
    for (int call = 1; more && call < calls_max; ++call) {
        CAPTURE(call);
        quay q;
        q.docks.waiting_max = 1;
        auto const uuid = q.service();
        std::string second;
        q.faulty.fuse.do_before(
            call, [&] { second = run_to_end(q.deploying.deploy(q.of(uuid), "")).value().asked; });
        auto const first = run_to_end(q.deploying.deploy(q.of(uuid), "")).value().asked;
        more = !second.empty();
        q.faulty.fuse.blow_at(0, fault::failure);
        CHECK(first != second);
        CHECK(run_to_end(q.deploying.history(q.of(uuid), 10)).size() == (more ? 2 : 1));
    }
}

TEST_CASE("a deploy of another version that goes down anywhere") {
    check_everywhere({deployment_kind::deploy, true, "DEPLOYED UP_TO_DATE", "DEPLOYED UP_TO_DATE"});
}

TEST_CASE("a stop and a restart that go down anywhere") {
    check_everywhere({deployment_kind::stop, true, "STOPPED UP_TO_DATE", "DEPLOYED UP_TO_DATE"});
    check_everywhere(
        {deployment_kind::restart, true, "RESTARTED UP_TO_DATE", "DEPLOYED UP_TO_DATE"});
}

TEST_CASE("an uninstall and a removal that go down anywhere") {
    check_everywhere(
        {deployment_kind::uninstall, true, "DELETED NEVER_DEPLOYED", "DEPLOYED UP_TO_DATE"});
    check_everywhere({deployment_kind::remove, true, std::string(name_of(errc::not_found)),
                      "DEPLOYED UP_TO_DATE"});
}

TEST_CASE("what waited is begun once, whatever goes down") {
    for (auto const how : faults) {
        bool more = true;
        for (int call = 1; more && call < calls_max; ++call) {
            CAPTURE(call);
            quay q;
            q.docks.waiting_max = 1;
            descriptor const nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
            logger log(log_format::json, log_level::error, nowhere.get());
            deploy::waiting_line line(q.docks, q.faulty.users(), log);
            auto const uuid = q.service();
            q.push_demo("1.1.0");
            REQUIRE(q.try_deploy(uuid));
            REQUIRE(q.try_deploy(uuid, "1.1.0"));
            q.work();
            q.faulty.fuse.blow_at(call, how);
            try {
                run_to_end(line.advance());
            } catch (std::runtime_error const&) {
                // a port whose answers have no place for a failure
            }
            more = q.faulty.fuse.calls() >= call;
            q.faulty.fuse.blow_at(0, fault::failure);
            q.work();
            run_to_end(line.advance());
            q.work();
            CHECK(q.state(uuid) == "DEPLOYED UP_TO_DATE");
            CHECK(std::ranges::count(q.helm.calls, "upgrade web/shop") == 1);
            auto const rows = run_to_end(q.deploying.history(q.of(uuid), 10));
            REQUIRE(rows.size() == 2);
            CAPTURE(rows.front().message);
            CHECK(rows.front().outcome == deployment_outcome::success);
            CHECK(rows.front().version == "1.1.0");
            CHECK(run_to_end(q.configure.find(q.of(uuid)))->configuration.version == "1.1.0");
        }
    }
}

}  // namespace pilothouse::tests::kills_test
