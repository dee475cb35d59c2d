// The contract of storage::protection_store.
#include "storage/directory.hpp"
#include "tests/contract/harness.hpp"
#include "tests/support/put_record.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::protection_store_test {

namespace {

using storage::protection_rule;
using storage::role;

protection_rule rule(std::string pattern, role push = role::owner, role remove = role::none) {
    protection_rule r;
    r.pattern = std::move(pattern);
    r.push = push;
    r.remove = remove;
    return r;
}

std::vector<protection_rule> rules_of(storage::stores& s, storage::project_id project) {
    return wait(s.projects().find(project)).value().protections;
}

template <class T>
errc refusal(result<T> const& r) {
    REQUIRE_FALSE(r);
    return r.error().code;
}

}  // namespace

TEST_CASE_TEMPLATE("A project tells its protection rules, by number", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    auto const other = make_project(*stores, "grp/other").id;
    CHECK(rules_of(*stores, project).empty());
    auto const second =
        wait(stores->protections().add(project, rule("z*", role::admin, role::maintainer))).value();
    auto const third = wait(stores->protections().add(project, rule("A-*"))).value();
    REQUIRE(wait(stores->protections().add(other, rule("z*"))));
    CHECK(second.id.value > 0);
    CHECK(second.id < third.id);
    for (auto const& found :
         {rules_of(*stores, project), wait(stores->projects().find("grp/app"))->protections,
          wait(stores->projects().list()).front().protections}) {
        REQUIRE(found.size() == 2);
        CHECK(found[0].id == second.id);
        CHECK(found[0].pattern == "z*");
        CHECK(found[0].push == role::admin);
        CHECK(found[0].remove == role::maintainer);
        CHECK(found[1].id == third.id);
        CHECK(found[1].pattern == "A-*");
        CHECK(found[1].push == role::owner);
        CHECK(found[1].remove == role::none);
    }
}

TEST_CASE_TEMPLATE("A pattern has one rule in a project, without regard to case", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    auto const first = wait(stores->protections().add(project, rule("Tide-*"))).value();
    auto other = wait(stores->protections().add(project, rule("other"))).value();
    CHECK(refusal(wait(stores->protections().add(project, rule("tide-*")))) == errc::conflict);
    other.pattern = "TIDE-*";
    CHECK(refusal(wait(put_rule(stores->protections(), project, other))) == errc::conflict);
    CHECK(rules_of(*stores, project).size() == 2);
    CHECK(rules_of(*stores, project)[1].pattern == "other");
    auto same = first;
    same.pattern = "TIDE-*";
    same.push = role::maintainer;
    CHECK(wait(put_rule(stores->protections(), project, same))->pattern == "TIDE-*");
    CHECK(rules_of(*stores, project)[0].push == role::maintainer);
}

TEST_CASE_TEMPLATE("A rule is changed and removed within its project alone", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    auto const other = make_project(*stores, "grp/other").id;
    auto mine = wait(stores->protections().add(project, rule("a"))).value();
    for (auto const& where : {other, storage::project_id{999}, storage::project_id{}}) {
        CHECK(refusal(wait(put_rule(stores->protections(), where, mine))) == errc::not_found);
        CHECK(refusal(wait(stores->protections().remove(where, mine.id))) == errc::not_found);
    }
    CHECK(refusal(wait(stores->protections().add({999}, rule("a")))) == errc::not_found);
    CHECK(rules_of(*stores, project).size() == 1);

    mine.pattern = "b";
    mine.push = role::none;
    mine.remove = role::admin;
    REQUIRE(wait(put_rule(stores->protections(), project, mine)));
    auto const found = rules_of(*stores, project).front();
    CHECK(found.id == mine.id);
    CHECK(found.pattern == "b");
    CHECK(found.push == role::none);
    CHECK(found.remove == role::admin);

    REQUIRE(wait(stores->protections().remove(project, mine.id)));
    CHECK(rules_of(*stores, project).empty());
    CHECK(refusal(wait(stores->protections().remove(project, mine.id))) == errc::not_found);
    CHECK(refusal(wait(put_rule(stores->protections(), project, mine))) == errc::not_found);
}

TEST_CASE_TEMPLATE("Editing a project leaves its rules alone", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto project = make_project(*stores);
    REQUIRE(wait(stores->protections().add(project.id, rule("a"))));
    project.protections.clear();
    project.description = "new";
    CHECK(wait(tests::put_record(stores->projects(), project))->protections.size() == 1);
    CHECK(rules_of(*stores, project.id).size() == 1);
}

}  // namespace pilothouse::tests::protection_store_test
