// What protection rules keep from whom in a channel, and what is written down of what was done.
#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

#include <limits>

namespace pilothouse::tests::rights_test {

using auth::permission;
using storage::role;

namespace {

using words = std::vector<std::string>;

struct harbour : house {
    harbour() {
        for (auto const* const v : {"1.0.0", "1.1.0", "2.0.0"})
            REQUIRE(push_to("edge", demo_chart("demo", v)));
        REQUIRE(push_to("edge", demo_chart("other", "7.0.0")));
    }
    // Who has this role, and nothing else.
    auth::grant as(role r, permission what, storage::project_id where) {
        storage::user_record u;
        u.username = "user-" + std::to_string(++people_);
        u = run_to_end(stores->users().create(u)).value();
        storage::membership m;
        m.role = r;
        m.created = time.now();
        run_to_end(stores->members().set(where, u.id, m)).value();
        auth::principal p;
        p.what = auth::principal::kind::user;
        p.user = u.id;
        p.name = u.username;
        p.scopes = auth::scope::api;
        auto const who = std::make_shared<auth::principal const>(p);
        return run_to_end(policy.authorize(who, what, where)).value();
    }
    auth::grant as(role r, permission what) { return as(r, what, project.id); }
    storage::protection_id protect(std::string pattern, role push, role remove) {
        storage::protection_rule rule;
        rule.pattern = std::move(pattern);
        rule.push = push;
        rule.remove = remove;
        return run_to_end(stores->protections().add(project.id, rule)).value().id;
    }
    result<std::vector<storage::added>> promote_as(role r, registry::version_choice which,
                                                   bool move = false) {
        auto const source = as(r, move ? permission::remove_chart : permission::read_chart);
        return run_to_end(promote(source, as(r, permission::push_chart),
                                  {named("edge"), stable(), std::move(which), move}));
    }
    std::size_t held(std::string const& channel) {
        return run_to_end(stores->catalogue().list(project.id, channel, std::nullopt)).size();
    }
    // Of what was done since the last call: "chart_promoted stable: demo 1.0.0 from …".
    words news() {
        auto const all =
            run_to_end(stores->audit().list({}, 0, std::numeric_limits<std::size_t>::max()));
        words told;
        for (auto e = all.rbegin() + static_cast<std::ptrdiff_t>(seen_); e != all.rend(); ++e) {
            if (e->what == "chart_pushed") continue;  // what a test begins with
            CHECK(e->kind == "Channel");
            told.push_back(e->where + " " + e->what + " " + e->name + ": " + e->detail);
        }
        seen_ = all.size();
        return told;
    }

private:
    int people_ = 0;
    std::size_t seen_ = 0;
};

template <class T>
void denied(result<T> const& r, std::string_view sentence) {
    REQUIRE_FALSE(r);
    CHECK(r.error().code == errc::denied);
    CHECK(r.error().detail.find(sentence) != std::string::npos);
}

registry::version_choice const all, demo{"demo", {}, {}}, one{"demo", {"1.0.0"}, {}},
    other{"other", {}, {}};

}  // namespace

TEST_CASE("who may not push a chart promotes nothing of it, nor what comes with it") {
    harbour h;
    h.protect("dem*", role::maintainer, role::none);
    denied(h.promote_as(role::developer, one), "pushing demo takes the role maintainer");
    denied(h.promote_as(role::developer, all), "pushing demo takes the role maintainer");
    CHECK(h.held("stable") == 0);
    CHECK(h.promote_as(role::developer, other));
    CHECK(h.promote_as(role::maintainer, all));
    CHECK(h.held("stable") == 4);
    // The same content again takes the same role, and other content under it too.
    denied(h.promote_as(role::developer, one), "pushing demo");
}

TEST_CASE("who may not remove a chart moves nothing of it") {
    harbour h;
    h.protect("demo", role::none, role::owner);
    denied(h.promote_as(role::maintainer, all, true), "removing demo takes the role owner");
    CHECK(h.held("edge") == 4);
    CHECK(h.held("stable") == 0);
    CHECK(h.promote_as(role::maintainer, all));
    CHECK(h.promote_as(role::owner, demo, true));
    CHECK(h.held("edge") == 1);
}

TEST_CASE(
    "only the rules of the place count: of the target for what comes, of the source for "
    "what goes") {
    harbour h;
    storage::project_record p;
    p.path = "grp/q";
    auto const there = run_to_end(h.stores->projects().create(p)).value();
    h.protect("*", role::admin, role::none);
    auto const source = h.as(role::maintainer, permission::remove_chart);
    auto const target = h.as(role::developer, permission::push_chart, there.id);
    registry::promotion_request const move{house::named("edge"), house::stable(), one, true};
    CHECK(run_to_end(h.promote(source, target, move)));
    storage::protection_rule rule;
    rule.pattern = "demo";
    rule.push = role::maintainer;
    rule.remove = role::admin;
    run_to_end(h.stores->protections().add(there.id, rule)).value();
    registry::promotion_request const rest{house::named("edge"), house::stable(), demo, true};
    auto const again = h.as(role::developer, permission::push_chart, there.id);
    denied(run_to_end(h.promote(source, again, rest)), "pushing demo takes the role maintainer");
}

TEST_CASE("deprecations are as good as pushes, yanks as removals") {
    harbour h;
    h.protect("demo", role::maintainer, role::owner);
    auto const edge = house::named("edge");
    auto const as = [&](role r, permission what) { return h.as(r, what); };
    denied(run_to_end(
               h.marks.deprecate(as(role::developer, permission::push_chart), edge, one, "old")),
           "pushing demo");
    auto const push = as(role::maintainer, permission::push_chart);
    CHECK(run_to_end(h.marks.deprecate(push, edge, one, "old")));
    denied(run_to_end(h.marks.undeprecate(as(role::developer, permission::push_chart), edge, one)),
           "pushing demo");
    CHECK(run_to_end(h.marks.undeprecate(push, edge, one)));
    auto const remove = as(role::maintainer, permission::remove_chart);
    denied(run_to_end(h.marks.yank(remove, edge, one, "leaks")), "removing demo");
    CHECK(run_to_end(h.marks.yank(as(role::owner, permission::remove_chart), edge, one, "leaks")));
    denied(run_to_end(h.marks.unyank(remove, edge, one)), "removing demo");
    CHECK(run_to_end(h.marks.yank(remove, edge, other, "leaks")));
}

TEST_CASE("retention leaves what is protected from removal, whoever tidies") {
    harbour h;
    registry::channel_changes c;
    c.retention.emplace().newest_of_chart = 1;
    REQUIRE(h.edit("edge", c));
    REQUIRE(h.push_to("edge", demo_chart("other", "7.1.0")));
    auto const rule = h.protect("d*", role::none, role::maintainer);
    auto const edge = house::named("edge");
    auto const dry = run_to_end(h.retain(h.as(role::guest, permission::read_chart), edge, true));
    REQUIRE(dry);
    REQUIRE(dry->gone.size() == 1);
    CHECK(dry->gone.front().entry.version == "7.0.0");
    REQUIRE(dry->kept.size() == 2);
    CHECK(dry->kept.front().entry.version == "1.1.0");
    CHECK(dry->kept.front().why == "protected: removing it takes the role maintainer");
    auto const done =
        run_to_end(h.retain(h.as(role::owner, permission::remove_chart), edge, false));
    REQUIRE(done);
    CHECK(done->gone.size() == 1);
    CHECK(done->kept.size() == 2);
    CHECK(run_to_end(h.retain.everywhere(h.operator_grant())).versions == 0);
    CHECK(h.held("edge") == 4);
    REQUIRE(run_to_end(h.stores->protections().remove(h.project.id, rule)));
    CHECK(run_to_end(h.retain.everywhere(h.operator_grant())).versions == 2);
}

TEST_CASE("each change leaves one event, in the place that changed") {
    harbour h;
    CHECK(h.news().empty());
    auto const edge = house::named("edge");
    auto const push = h.grant(permission::push_chart);
    auto const remove = h.grant(permission::remove_chart);

    REQUIRE(h.promote_as(role::maintainer, one));
    CHECK(h.news() == words{"grp/p chart_promoted stable: demo 1.0.0 from grp/p/edge"});
    REQUIRE(h.promote_as(role::maintainer, one));
    CHECK(h.news().empty());
    REQUIRE(h.promote_as(role::maintainer, demo));
    CHECK(h.news() == words{"grp/p chart_promoted stable: 2 versions of demo from grp/p/edge"});
    REQUIRE(h.promote_as(role::maintainer, all, true));
    CHECK(h.news() == words{"grp/p chart_promoted stable: 4 versions moved from grp/p/edge"});

    REQUIRE(run_to_end(h.marks.deprecate(push, house::stable(), one, "old")));
    CHECK(h.news() == words{"grp/p version_deprecated stable: demo 1.0.0: old"});
    REQUIRE(run_to_end(h.marks.deprecate(push, house::stable(), one, "old")));
    CHECK(h.news().empty());
    REQUIRE(run_to_end(h.marks.deprecate(push, house::stable(), demo, "old")));
    CHECK(h.news() == words{"grp/p version_deprecated stable: 2 versions of demo: old"});
    REQUIRE(run_to_end(h.marks.undeprecate(push, house::stable(), demo)));
    CHECK(h.news() == words{"grp/p version_undeprecated stable: 3 versions of demo"});
    REQUIRE(run_to_end(h.marks.yank(remove, house::stable(), one, "leaks")));
    REQUIRE(run_to_end(h.marks.unyank(remove, house::stable(), demo)));
    CHECK(h.news() == words{"grp/p version_yanked stable: demo 1.0.0: leaks",
                            "grp/p version_unyanked stable: demo 1.0.0"});
    CHECK_FALSE(run_to_end(h.marks.unyank(remove, edge, demo)));
    CHECK(h.news().empty());
}

TEST_CASE("a move into another project is told in both") {
    harbour h;
    storage::project_record p;
    p.path = "grp/q";
    auto const there = run_to_end(h.stores->projects().create(p)).value();
    auto const target =
        run_to_end(h.policy.authorize(auth::local_operator(), permission::push_chart, there.id))
            .value();
    registry::promotion_request request{house::named("edge"), house::stable(), one, true};
    REQUIRE(run_to_end(h.promote(h.grant(permission::remove_chart), target, request)));
    CHECK(h.news() == words{"grp/q chart_promoted stable: demo 1.0.0 moved from grp/p/edge",
                            "grp/p chart_promoted edge: demo 1.0.0 moved to grp/q/stable"});
}

TEST_CASE("settings and retention are told, with what is other than before") {
    harbour h;
    registry::channel_changes c;
    c.read_only = false;
    c.duplicates = std::optional(storage::duplicates_rule::allow);
    c.description = "for the brave";
    c.retention.emplace().newest_of_chart = 1;
    c.retention->younger_than = std::chrono::hours(48);
    c.retention->matching = ">=7";
    REQUIRE(h.edit("edge", c));
    CHECK(h.news() == words{"grp/p channel_updated edge: description; duplicates: allow; "
                            "retention: newest 1, younger_than 2d, matching >=7"});
    REQUIRE(h.edit("edge", c));
    CHECK(h.news().empty());
    c.retention.emplace().all_go = true;
    c.index_format = storage::index_choice::yaml;
    c.read_only = true;
    REQUIRE(h.edit("edge", c));
    CHECK(h.news() == words{"grp/p channel_updated edge: index_format: yaml; read_only: true; "
                            "retention: none"});
    c.read_only = false;
    c.retention->newest_of_chart = 1;
    REQUIRE(h.edit("edge", c));
    (void)h.news();
    REQUIRE(run_to_end(h.retain(h.grant(permission::read_chart), house::named("edge"), true)));
    CHECK(h.news().empty());
    REQUIRE(h.push_to("edge", demo_chart("demo", "3.0.0")));
    // The server tidies as nobody, and the project's log has it.
    REQUIRE(run_to_end(h.retain.everywhere(h.operator_grant())).versions == 3);
    CHECK(h.news() == words{"grp/p channel_retained edge: removed 3 versions of demo"});
    auto const event = run_to_end(h.stores->audit().list({}, 0, 1)).front();
    CHECK(event.project == h.project.id);
    CHECK(event.by == "command line");
}

}  // namespace pilothouse::tests::rights_test
