// Who may give which role to whom, and take it.
#include "tests/support/put_record.hpp"
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests::manage_members_test {

using namespace std::chrono_literals;
using auth::permission;
using storage::role;

namespace {

constexpr role given_roles[] = {role::guest, role::reporter, role::developer, role::maintainer,
                                role::owner};

struct fixture : office {
    storage::project_record project = add_project("top/mid/app");
    storage::group_record top = add_group("top");
    storage::group_record mid = add_group("top/mid");
    storage::user_record boss = add_user("boss");
    storage::user_record maintainer = add_user("mary");
    storage::user_record other = add_user("otto");
    storage::user_record admin = add_user("admin", true);

    fixture() {
        give(mid.id, boss, role::owner);
        give(project.id, maintainer, role::maintainer);
    }
    auto set(auth::grant const& g, storage::user_record const& u, role r,
             std::optional<instant> expires = {}) {
        return run_to_end(members.set(g, {u.id, r, expires}));
    }
    auto remove(auth::grant const& g, storage::user_record const& u) {
        return run_to_end(members.remove(g, u.id));
    }
    auth::grant edits(storage::user_record const& who) {
        return grant(as(who), permission::edit_project, project.id);
    }
    auth::grant owns_group(storage::user_record const& who) {
        return grant(as(who), permission::own_group, mid.id);
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a maintainer gives roles up to the own one, an owner all") {
    for (auto const r : given_roles) {
        CAPTURE(static_cast<int>(r));
        auto const by_maintainer = set(edits(maintainer), other, r);
        if (r == role::owner) {
            CHECK(refusal(by_maintainer) == errc::denied);
        } else {
            CHECK(by_maintainer->as.role == r);
        }
        for (auto const& who : {boss, admin}) CHECK(set(edits(who), other, r)->as.role == r);
        CHECK(set(grant(auth::local_operator(), permission::edit_project, project.id), other, r));
        CHECK(remove(edits(boss), other));
        CHECK(set(owns_group(boss), other, r)->where == storage::place_id(mid.id));
        CHECK(remove(owns_group(boss), other));
    }
    // No role of a place is higher than its owner's.
    for (auto const& who : {boss, admin})
        CHECK(refusal(set(edits(who), other, role::admin)) == errc::denied);
    CHECK(role_in(project.id, other) == role::none);
}

TEST_CASE_FIXTURE(fixture, "nobody changes or removes whose role is above the own one") {
    auto const rival = add_user("rival");
    give(project.id, other, role::owner);
    give(project.id, rival, role::maintainer);
    CHECK(refusal(set(edits(maintainer), other, role::guest)) == errc::denied);
    CHECK(refusal(set(edits(maintainer), other, role::maintainer)) == errc::denied);
    CHECK(refusal(remove(edits(maintainer), other)) == errc::denied);
    CHECK(role_in(project.id, other) == role::owner);
    CHECK(set(edits(maintainer), rival, role::guest));
    CHECK(remove(edits(maintainer), rival));
    CHECK(set(edits(boss), other, role::guest));
    CHECK(remove(edits(maintainer), other));
}

TEST_CASE_FIXTURE(fixture, "a role is not below the one that is inherited") {
    mid.name = "The middle";
    run_to_end(tests::put_record(stores->groups(), mid)).value();
    give(top.id, other, role::reporter);
    give(mid.id, other, role::developer);
    for (auto const r : {role::guest, role::reporter}) {
        auto const refused = set(edits(boss), other, r);
        CHECK(refusal(refused) == errc::invalid_argument);
        CHECK(refused.error().detail ==
              "should be greater than or equal to Developer inherited membership from group The "
              "middle");
    }
    CHECK(set(edits(boss), other, role::developer));
    CHECK(set(edits(boss), other, role::maintainer));
    // The group's own members inherit from the group above it, and not from themselves.
    CHECK(set(owns_group(boss), other, role::reporter));
    CHECK(refusal(set(owns_group(boss), other, role::guest)) == errc::invalid_argument);
    CHECK(set(owns_group(boss), boss, role::owner));
}

TEST_CASE_FIXTURE(fixture, "an inherited role that has ended binds nobody") {
    auto const end = time.now() + 1h;
    give(mid.id, other, role::developer, end);
    CHECK(refusal(set(edits(boss), other, role::guest)) == errc::invalid_argument);
    time.set(end);
    CHECK(set(edits(boss), other, role::guest));
}

TEST_CASE_FIXTURE(fixture, "a group keeps its last owner, whoever asks") {
    for (auto const& who : {boss, admin}) {
        CHECK(refusal(set(owns_group(who), boss, role::maintainer)) == errc::conflict);
        CHECK(refusal(remove(owns_group(who), boss)) == errc::conflict);
    }
    auto const reads = grant(as(boss), permission::read_group, mid.id);
    CHECK(refusal(remove(reads, boss)) == errc::conflict);
    CHECK(role_in(mid.id, boss) == role::owner);
    CHECK(set(owns_group(boss), other, role::owner));
    CHECK(remove(reads, boss));
}

TEST_CASE_FIXTURE(fixture, "everybody may leave, and with that right remove nobody else") {
    give(project.id, other, role::guest);
    give(mid.id, maintainer, role::guest);
    auto const guest = grant(as(other), permission::read_project, project.id);
    CHECK(refusal(remove(guest, maintainer)) == errc::denied);
    CHECK(remove(guest, other));
    CHECK(role_in(project.id, other) == role::none);
    CHECK(refusal(remove(guest, other)) == errc::not_found);

    auto const in_group = grant(as(maintainer), permission::read_group, mid.id);
    CHECK(refusal(remove(in_group, boss)) == errc::denied);
    CHECK(remove(in_group, maintainer));
    // Whoever reads the server's places is no member for that.
    auto const reader = grant(as(admin), permission::read_project, project.id);
    CHECK(refusal(remove(reader, maintainer)) == errc::denied);
}

TEST_CASE_FIXTURE(fixture, "a membership has a role, a user, and an end to come") {
    auto const g = edits(boss);
    CHECK(refusal(set(g, other, role::none)) == errc::invalid_argument);
    for (auto const end : {time.now(), time.now() - 1ns, instant()})
        CHECK(refusal(set(g, other, role::guest, end)) == errc::invalid_argument);
    storage::user_record nobody;
    nobody.id = {999};
    CHECK(refusal(set(g, nobody, role::guest)) == errc::not_found);
    CHECK(refusal(remove(g, nobody)) == errc::not_found);
    CHECK(refusal(remove(g, other)) == errc::not_found);

    auto const end = time.now() + 1ns;
    auto const made = set(g, other, role::guest, end).value();
    CHECK(made.as.expires == end);
    CHECK(made.as.created == time.now());
    CHECK(made.as.created_by == boss.id);
    time.advance(1ns);
    auto const renewed = set(edits(maintainer), other, role::reporter).value();
    CHECK_FALSE(renewed.as.expires);
    CHECK(renewed.as.created_by == boss.id);
}

TEST_CASE_FIXTURE(fixture, "lists show each member once, with the highest role that counts") {
    give(top.id, other, role::developer);
    give(project.id, other, role::reporter);
    auto const end = time.now() + 1h;
    auto const ended = add_user("eve");
    give(project.id, ended, role::owner, end);
    give(mid.id, ended, role::guest);
    auto const g = grant(as(maintainer), permission::read_project, project.id);
    auto const listed = [&](bool inherited) {
        std::string text;
        for (auto const& m : run_to_end(members.list(g, inherited)))
            text += m.user.username + std::to_string(static_cast<int>(m.as.role)) + " ";
        return text;
    };
    CHECK(listed(false) == "eve50 mary40 otto20 ");
    CHECK(listed(true) == "boss50 eve50 mary40 otto30 ");
    time.set(end);
    CHECK(listed(false) == "mary40 otto20 ");
    CHECK(listed(true) == "boss50 eve10 mary40 otto30 ");

    CHECK(run_to_end(members.find(g, other.id))->as.role == role::reporter);
    CHECK(refusal(run_to_end(members.find(g, boss.id))) == errc::not_found);
    auto const of_group = grant(as(boss), permission::read_group, mid.id);
    CHECK(run_to_end(members.find(of_group, boss.id))->as.role == role::owner);
}

}  // namespace pilothouse::tests::manage_members_test
