// Who reads which events.
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests::read_audit_test {

using auth::permission;
using storage::role;

namespace {

struct fixture : office {
    storage::project_record app = add_project("team/app");
    storage::project_record other = add_project("team/other");
    storage::group_record team = add_group("team");
    storage::user_record owner = add_user("owner");

    fixture() {
        give(team.id, owner, role::owner);
        note("server", {}, {});
        note("app", app.id, {});
        note("other", other.id, {});
        note("team", {}, team.id);
        note("app again", app.id, {});
    }
    void note(std::string name, storage::project_id p, storage::group_id g) {
        storage::audit_event e;
        e.name = std::move(name);
        e.project = p;
        e.group = g;
        run_to_end(stores->audit().note(e));
    }
    std::string read(auth::grant const& g, storage::audit_filter f = {}, std::size_t skip = 0,
                     std::size_t count = 99) {
        auto const found = run_to_end(audit.list(g, f, skip, count));
        std::string names = std::to_string(found.total) + ":";
        for (auto const& e : found.page) names += " " + e.name;
        return names;
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a place's events are its own, whatever is asked for") {
    auto const in_app = grant(as(owner), permission::edit_project, app.id);
    auto const in_team = grant(as(owner), permission::own_group, team.id);
    CHECK(read(in_app) == "2: app again app");
    CHECK(read(in_team) == "1: team");
    storage::audit_filter elsewhere;
    elsewhere.project = other.id;
    CHECK(read(in_app, elsewhere) == "2: app again app");
    CHECK(read(in_team, elsewhere) == "0:");
    CHECK(read(in_app, {}, 1, 1) == "2: app");
}

TEST_CASE_FIXTURE(fixture, "administrators read all events, and those of each place") {
    auto const g = administration();
    CHECK(read(g) == "5: app again team other app server");
    storage::audit_filter of_other;
    of_other.project = other.id;
    CHECK(read(g, of_other) == "1: other");
}

TEST_CASE_FIXTURE(fixture, "an event is found in its own place, and by administrators") {
    auto const in_app = grant(as(owner), permission::edit_project, app.id);
    auto const in_team = grant(as(owner), permission::own_group, team.id);
    for (auto const& e : events()) {
        CAPTURE(e.name);
        CHECK(run_to_end(audit.find(administration(), e.id))->name == e.name);
        CHECK(run_to_end(audit.find(in_app, e.id)).has_value() == (e.project == app.id));
        CHECK(run_to_end(audit.find(in_team, e.id)).has_value() == (e.group == team.id));
    }
    CHECK(refusal(run_to_end(audit.find(administration(), {999}))) == errc::not_found);
}

}  // namespace pilothouse::tests::read_audit_test
