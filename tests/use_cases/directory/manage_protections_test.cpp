// Charts that take more than the usual role.
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests::manage_protections_test {

using auth::permission;
using storage::protection_rule;
using storage::role;

namespace {

protection_rule rule(std::string pattern, role push, role remove = role::none) {
    protection_rule r;
    r.pattern = std::move(pattern);
    r.push = push;
    r.remove = remove;
    return r;
}

struct fixture : office {
    storage::project_record project = add_project("grp/app");
    storage::user_record maintainer = add_user("mary");

    fixture() { give(project.id, maintainer, role::maintainer); }
    auth::grant edits() { return grant(as(maintainer), permission::edit_project, project.id); }
    auto add(protection_rule r) { return run_to_end(protections.add(edits(), std::move(r))); }
    auto edit(storage::protection_id id, registry::protection_changes changes) {
        return run_to_end(protections.edit(edits(), id, std::move(changes)));
    }
    auto edit(protection_rule const& r) { return edit(r.id, {r.pattern, r.push, r.remove}); }
    std::vector<protection_rule> rules() {
        return run_to_end(stores->projects().find(project.id)).value().protections;
    }
};

principal_pointer deploy_token(storage::project_id project) {
    auth::principal p;
    p.what = auth::principal::kind::deploy_token;
    p.project = project;
    p.scopes = auth::scope::read_package_registry | auth::scope::write_package_registry;
    return std::make_shared<auth::principal const>(p);
}

principal_pointer job_of(storage::user_record const& u, storage::project_id project) {
    auth::principal p;
    p.what = auth::principal::kind::job_token;
    p.user = u.id;
    p.admin = u.admin;
    p.project = project;
    return std::make_shared<auth::principal const>(p);
}

}  // namespace

TEST_CASE("a star stands for any run of characters, and letter case for nothing") {
    struct row {
        char const* pattern;
        char const* name;
        bool fits;
    };
    for (auto const& r : {row{"tide", "tide", true},
                          row{"tide", "TIDE", true},
                          row{"TiDe", "tIdE", true},
                          row{"tide", "tide2", false},
                          row{"tide", "atide", false},
                          row{"tide", "tid", false},
                          row{"tide", "", false},
                          row{"", "", true},
                          row{"", "a", false},
                          row{"*", "", true},
                          row{"*", "anything", true},
                          row{"**", "", true},
                          row{"***", "a", true},
                          row{"tide-*", "tide-", true},
                          row{"tide-*", "tide-table", true},
                          row{"tide-*", "tide", false},
                          row{"*-table", "tide-table", true},
                          row{"*-table", "-table", true},
                          row{"*-table", "table", false},
                          row{"*-table", "tide-tables", false},
                          row{"a*c", "ac", true},
                          row{"a*c", "abc", true},
                          row{"a*c", "abcb", false},
                          row{"a*c", "abcbc", true},
                          row{"*a*b*", "xxaxxbxx", true},
                          row{"*a*b*", "ba", false},
                          row{"*a*b*", "ab", true},
                          row{"a*b*c", "a-b-b-c", true},
                          row{"a*b*c", "acb", false},
                          row{"*aab", "aaab", true},
                          row{"*aab", "aaaab", true},
                          row{"a*a", "a", false},
                          row{"a?c", "abc", false},
                          row{"a?c", "a?c", true},
                          row{"a.c", "abc", false},
                          row{"[ab]", "a", false},
                          row{"a%", "ab", false},
                          row{"a_c", "abc", false},
                          row{"*\xC3\xA9", "caf\xC3\xA9", true}}) {
        CAPTURE(r.pattern);
        CAPTURE(r.name);
        CHECK(registry::fits_pattern(r.name, r.pattern) == r.fits);
    }
}

TEST_CASE("a pattern of many stars is judged quickly") {
    std::string pattern, name(255, 'a');
    for (int i = 0; i < 60; ++i) pattern += "*a";
    CHECK(registry::fits_pattern(name, pattern));
    CHECK_FALSE(registry::fits_pattern(name, pattern + "b"));
}

TEST_CASE("of several rules that fit the highest role is asked for") {
    storage::project_record p;
    p.protections = {rule("*", role::maintainer), rule("tide-*", role::admin, role::owner),
                     rule("tide-table", role::owner, role::maintainer), rule("other", role::none)};
    struct row {
        char const* chart;
        role push, remove;
    };
    for (auto const& r :
         {row{"tide-table", role::admin, role::owner}, row{"tide-x", role::admin, role::owner},
          row{"TIDE", role::maintainer, role::none}, row{"other", role::maintainer, role::none}}) {
        CHECK(registry::role_to_push(p, r.chart) == r.push);
        CHECK(registry::role_to_remove(p, r.chart) == r.remove);
    }
    p.protections.clear();
    CHECK(registry::role_to_push(p, "any") == role::none);
    CHECK(registry::role_to_remove(p, "any") == role::none);
}

TEST_CASE_FIXTURE(fixture, "a rule has a pattern of some length, and asks for something") {
    CHECK(refusal(add(rule("", role::owner))) == errc::invalid_argument);
    CHECK(refusal(add(rule(std::string(256, 'p'), role::owner))) == errc::invalid_argument);
    CHECK(refusal(add(rule("a", role::none, role::none))) == errc::invalid_argument);
    auto made = add(rule(std::string(255, 'p'), role::none, role::admin)).value();
    CHECK(add(rule("a", role::owner)));
    CHECK(add(rule("A", role::owner)).error().detail ==
          "Package name pattern has already been taken");

    auto bad = made;
    bad.pattern = "";
    CHECK(refusal(edit(bad)) == errc::invalid_argument);
    bad.pattern = "A";
    CHECK(refusal(edit(bad)) == errc::conflict);
    bad.pattern = "b";
    bad.remove = role::none;
    CHECK(refusal(edit(bad)) == errc::invalid_argument);
    bad.remove = role::owner;
    bad.id = {999};
    CHECK(refusal(edit(bad)) == errc::not_found);
    made.pattern = "b";
    CHECK(edit(made)->pattern == "b");
    CHECK(rules().size() == 2);
    CHECK(run_to_end(protections.remove(edits(), made.id)));
    CHECK(refusal(run_to_end(protections.remove(edits(), made.id))) == errc::not_found);
    CHECK(rules().size() == 1);
}

TEST_CASE_FIXTURE(fixture, "whoever has the role that a rule asks for may, and nobody else") {
    auto const owner = add_user("owner");
    auto const developer = add_user("dev");
    auto const admin = add_user("admin", true);
    give(project.id, owner, role::owner);
    give(project.id, developer, role::developer);
    struct who {
        char const* name;
        principal_pointer caller;
        std::string may;  // of the charts below, in their order
    };
    add(rule("for-maintainers", role::maintainer, role::maintainer)).value();
    add(rule("for-owners", role::owner, role::owner)).value();
    add(rule("for-admins", role::admin, role::admin)).value();
    char const* const charts[] = {"for-all", "for-maintainers", "for-owners", "for-admins"};
    for (auto const& w :
         {who{"developer", as(developer), "+---"}, who{"maintainer", as(maintainer), "++--"},
          who{"owner", as(owner), "+++-"}, who{"admin", as(admin), "++++"},
          who{"operator", auth::local_operator(), "++++"},
          who{"deploy token", deploy_token(project.id), "+---"},
          who{"job of an owner", job_of(owner, project.id), "+++-"},
          who{"job of an admin", job_of(admin, project.id), "++++"}}) {
        CAPTURE(w.name);
        for (std::size_t i = 0; i < std::size(charts); ++i) {
            CAPTURE(charts[i]);
            auto const push = grant(w.caller, permission::push_chart, project.id);
            auto const pushed = registry::check_push(push, charts[i]);
            CHECK(pushed.has_value() == (w.may[i] == '+'));
            if (!pushed) CHECK(refusal(pushed) == errc::denied);
            auto const remove = ask(w.caller, permission::remove_chart, project.id);
            if (!remove) continue;  // the developer
            CHECK(registry::check_removal(*remove, charts[i]).has_value() == (w.may[i] == '+'));
        }
    }
}

TEST_CASE_FIXTURE(fixture, "a rule for pushing says nothing of removing, and the other way round") {
    add(rule("pushed", role::admin)).value();
    add(rule("removed", role::none, role::admin)).value();
    auto const push = grant(as(maintainer), permission::push_chart, project.id);
    auto const remove = grant(as(maintainer), permission::remove_chart, project.id);
    CHECK_FALSE(registry::check_push(push, "pushed"));
    CHECK(registry::check_removal(remove, "pushed"));
    CHECK(registry::check_push(push, "removed"));
    CHECK_FALSE(registry::check_removal(remove, "removed"));
}

}  // namespace pilothouse::tests::manage_protections_test
