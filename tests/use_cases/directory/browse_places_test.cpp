// Who is shown which projects and groups, and with which role.
#include "tests/use_cases/directory/office.hpp"

#include <map>

namespace pilothouse::tests::browse_places_test {

using namespace std::chrono_literals;
using auth::permission;
using storage::role;
using storage::visibility;

namespace {

struct fixture : office {
    storage::user_record nobody = add_user("nobody");
    storage::user_record in_project = add_user("pia");   // of closed/deep/app
    storage::user_record in_subgroup = add_user("sue");  // of closed/deep
    storage::user_record in_group = add_user("gus");     // of closed
    storage::user_record admin = add_user("admin", true);
    storage::project_record deep = add_project("closed/deep/app");
    storage::group_record closed, deep_group;

    fixture() {
        add_project("closed/lib");
        add_project("closed/shown", visibility::public_);
        add_project("house/app", visibility::internal);
        add_project("open/app", visibility::public_);
        add_project("open/secret");
        closed = add_group("closed");
        deep_group = add_group("closed/deep");
        add_group("closed/empty");
        add_group("house", visibility::internal);
        add_group("open", visibility::public_);
        give(deep.id, in_project, role::reporter);
        give(deep_group.id, in_subgroup, role::developer);
        give(closed.id, in_group, role::guest);
        give(deep.id, in_group, role::maintainer);
    }

    // "path role" of each that is shown; a dot where the membership alone gives less.
    template <class Seen>
    static std::vector<std::string> words(std::vector<Seen> const& all) {
        std::vector<std::string> told;
        for (auto const& [place, there, member] : all)
            told.push_back(place.path + " " + std::to_string(static_cast<int>(there)) +
                           (member == there ? "" : "."));
        return told;
    }
    auth::grant browsing(principal_pointer const& who) { return grant(who, permission::browse); }
    std::vector<std::string> projects_of(principal_pointer const& who) {
        return words(run_to_end(places.projects(browsing(who))));
    }
    std::vector<std::string> groups_of(principal_pointer const& who) {
        return words(run_to_end(places.groups(browsing(who))));
    }
};

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(fixture, "projects show to whom they are open, and to members with their role") {
    CHECK(projects_of(auth::anonymous()) == texts{"closed/shown 0", "open/app 0"});
    CHECK(projects_of(as(nobody)) == texts{"closed/shown 0", "house/app 0", "open/app 0"});
    CHECK(projects_of(as(in_project)) ==
          texts{"closed/deep/app 20", "closed/shown 0", "house/app 0", "open/app 0"});
    CHECK(projects_of(as(in_subgroup)) ==
          texts{"closed/deep/app 30", "closed/shown 0", "house/app 0", "open/app 0"});
    CHECK(projects_of(as(in_group)) == texts{"closed/deep/app 40", "closed/lib 10",
                                             "closed/shown 10", "house/app 0", "open/app 0"});
    for (auto const& who : {as(admin), auth::local_operator()})
        CHECK(projects_of(who) == texts{"closed/deep/app 50.", "closed/lib 50.", "closed/shown 50.",
                                        "house/app 50.", "open/app 50.", "open/secret 50."});
    // An administrator may be a member besides.
    give(closed.id, admin, role::developer);
    auto const seen = run_to_end(places.projects(browsing(as(admin))));
    CHECK(seen.front().role == role::owner);
    CHECK(seen.front().member == role::developer);
}

TEST_CASE_FIXTURE(fixture, "groups show as projects do, and where something in them is one's own") {
    CHECK(groups_of(auth::anonymous()) == texts{"open 0"});
    CHECK(groups_of(as(nobody)) == texts{"house 0", "open 0"});
    CHECK(groups_of(as(in_project)) == texts{"closed 0", "closed/deep 0", "house 0", "open 0"});
    CHECK(groups_of(as(in_subgroup)) == texts{"closed 0", "closed/deep 30", "house 0", "open 0"});
    CHECK(groups_of(as(in_group)) ==
          texts{"closed 10", "closed/deep 10", "closed/empty 10", "house 0", "open 0"});
    for (auto const& who : {as(admin), auth::local_operator()})
        CHECK(groups_of(who) ==
              texts{"closed 50.", "closed/deep 50.", "closed/empty 50.", "house 50.", "open 50."});
}

TEST_CASE_FIXTURE(fixture, "a subgroup of one's own shows the way to it, without a project in it") {
    auto const empty = add_group("closed/empty/below");
    give(empty.id, nobody, role::guest);
    CHECK(groups_of(as(nobody)) ==
          texts{"closed 0", "closed/empty 0", "closed/empty/below 10", "house 0", "open 0"});
}

TEST_CASE_FIXTURE(fixture, "what has ended shows nothing") {
    auto const end = time.now() + 1h;
    give(deep.id, nobody, role::owner, end);
    give(closed.id, in_project, role::maintainer, end);
    CHECK(projects_of(as(nobody)).front() == "closed/deep/app 50");
    CHECK(groups_of(as(nobody)).front() == "closed 0");
    CHECK(projects_of(as(in_project)).front() == "closed/deep/app 40");
    time.set(end);
    CHECK(projects_of(as(nobody)) == texts{"closed/shown 0", "house/app 0", "open/app 0"});
    CHECK(groups_of(as(nobody)) == texts{"house 0", "open 0"});
    CHECK(projects_of(as(in_project)).front() == "closed/deep/app 20");
}

TEST_CASE_FIXTURE(fixture, "each project that is shown may be read, and no other") {
    for (auto const& who : {auth::anonymous(), as(nobody), as(in_project), as(in_subgroup),
                            as(in_group), as(admin), auth::local_operator()}) {
        CAPTURE(who->name);
        std::map<storage::project_id, role> shown;
        for (auto const& s : run_to_end(places.projects(browsing(who)))) shown[s.place.id] = s.role;
        for (auto const& p : run_to_end(stores->projects().list())) {
            CAPTURE(p.path);
            auto const granted = ask(who, permission::read_project, p.id);
            CHECK(granted.has_value() == shown.contains(p.id));
            if (granted) CHECK(granted->role() == shown.at(p.id));
        }
    }
}

TEST_CASE_FIXTURE(fixture, "lists are the same for each right that shows them") {
    auto const by = [&](permission what) {
        return words(run_to_end(places.projects(grant(as(admin), what))));
    };
    CHECK(by(permission::browse) == by(permission::be_somebody));
    CHECK(by(permission::browse) == by(permission::administer));
}

}  // namespace pilothouse::tests::browse_places_test
