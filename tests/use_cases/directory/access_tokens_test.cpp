// Access tokens of projects and groups: each is a bot's, who is a member of that place alone.
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests::access_tokens_test {

using namespace std::chrono_literals;
using auth::permission;
using storage::role;

namespace {

struct fixture : office {
    storage::project_record project = add_project("team/app");
    storage::project_record other = add_project("team/other");
    storage::group_record team = add_group("team");
    storage::user_record owner = add_user("owner");
    storage::user_record maintainer = add_user("mary");

    fixture() {
        give(team.id, owner, role::owner);
        give(project.id, maintainer, role::maintainer);
        give(other.id, maintainer, role::maintainer);
    }
    static registry::manage_access_tokens::wanted token(role r) {
        registry::manage_access_tokens::wanted w;
        w.name = "robot";
        w.scopes = {"api"};
        w.role = r;
        return w;
    }
    auth::grant edits(storage::user_record const& who, storage::project_record const& where) {
        return grant(as(who), permission::edit_project, where.id);
    }
    auto create(auth::grant const& g, role r) {
        return run_to_end(access_tokens.create(g, token(r)));
    }
    auto bots() {
        int count = 0;
        for (auto const& u : run_to_end(stores->users().list())) count += u.bot_of.has_value();
        return count;
    }
    storage::user_record bot_of(registry::manage_access_tokens::issued const& made) {
        return run_to_end(stores->users().find(made.token.record.user)).value();
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture,
                  "a token's bot is a member of the place, with the role that was wanted") {
    auto const g = edits(maintainer, project);
    auto const made = create(g, role::developer).value();
    auto const bot = bot_of(made);
    CHECK(made.role == role::developer);
    CHECK(made.token.record.name == "robot");
    CHECK(bot.bot_of == storage::place_id(project.id));
    CHECK(bot.name == "robot");
    CHECK_FALSE(bot.admin);
    CHECK(role_in(project.id, bot) == role::developer);
    CHECK(role_in(other.id, bot) == role::none);
    CHECK(ask(as(bot), permission::push_chart, project.id));

    auto const of_group = create(grant(as(owner), permission::own_group, team.id), role::reporter);
    CHECK(bot_of(*of_group).bot_of == storage::place_id(team.id));
    CHECK(role_in(other.id, bot_of(*of_group)) == role::reporter);
    CHECK(bot_of(*of_group).username != bot.username);
}

TEST_CASE_FIXTURE(fixture, "nobody makes a token that may more than oneself") {
    auto const g = edits(maintainer, project);
    for (auto const r : {role::none, role::owner, role::admin})
        CHECK(refusal(create(g, r)) == errc::invalid_argument);
    for (auto const r : {role::guest, role::maintainer}) CHECK(create(g, r));
    CHECK(create(edits(owner, project), role::owner));
}

TEST_CASE_FIXTURE(fixture, "a token that is refused leaves no bot behind") {
    auto const g = edits(maintainer, project);
    auto bad = token(role::guest);
    bad.scopes = {"everything"};
    CHECK(refusal(run_to_end(access_tokens.create(g, bad))) == errc::invalid_argument);
    bad = token(role::guest);
    bad.expires = time.now();
    CHECK(refusal(run_to_end(access_tokens.create(g, bad))) == errc::invalid_argument);
    bad = token(role::guest);
    bad.name = "a\x1b[2J";
    CHECK(refusal(run_to_end(access_tokens.create(g, bad))) == errc::invalid_argument);
    CHECK(bots() == 0);
    CHECK(run_to_end(stores->members().list(project.id, false)).size() == 1);
}

TEST_CASE_FIXTURE(fixture, "tokens are listed and found in their own place alone") {
    auto const here = edits(maintainer, project);
    auto const there = edits(maintainer, other);
    auto const above = grant(as(owner), permission::own_group, team.id);
    auto const id = create(here, role::guest)->token.record.id;
    auto const of_group = create(above, role::guest)->token.record.id;
    CHECK(run_to_end(access_tokens.list(here)).size() == 1);
    CHECK(run_to_end(access_tokens.list(there)).empty());
    CHECK(run_to_end(access_tokens.list(above)).front().token.id == of_group);
    CHECK(run_to_end(access_tokens.find(here, id))->role == role::guest);
    for (auto const& g : {there, above}) {
        CHECK(refusal(run_to_end(access_tokens.find(g, id))) == errc::not_found);
        CHECK(refusal(run_to_end(access_tokens.rotate(g, id, {}))) == errc::not_found);
        CHECK(refusal(run_to_end(access_tokens.revoke(g, id))) == errc::not_found);
    }
    CHECK(refusal(run_to_end(access_tokens.find(here, of_group))) == errc::not_found);
    // Nor are the tokens of people who are members.
    storage::token_record personal;
    personal.hash = sha256("personal");
    personal.user = maintainer.id;
    auto const theirs = run_to_end(stores->tokens().add(personal)).value().id;
    CHECK(refusal(run_to_end(access_tokens.find(here, theirs))) == errc::not_found);
}

TEST_CASE_FIXTURE(fixture,
                  "another place's bot becomes no member, so its token stays out of reach") {
    auto const strong = create(edits(owner, other), role::owner).value();
    auto const here = edits(owner, project);
    auto const added = run_to_end(members.set(here, {bot_of(strong).id, role::guest, {}}));
    CHECK(refusal(added) == errc::invalid_argument);
    CHECK(refusal(run_to_end(access_tokens.rotate(here, strong.token.record.id, {}))) ==
          errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "who rotates a token has its role at least, for the text is shown") {
    auto const strong = create(edits(owner, project), role::owner)->token.record.id;
    auto const weak = create(edits(owner, project), role::developer)->token.record.id;
    auto const g = edits(maintainer, project);
    CHECK(refusal(run_to_end(access_tokens.rotate(g, strong, {}))) == errc::denied);
    CHECK_FALSE(run_to_end(stores->tokens().find(strong))->revoked);
    auto const fresh = run_to_end(access_tokens.rotate(g, weak, {})).value();
    CHECK(fresh.role == role::developer);
    CHECK(fresh.token.record.expires == time.now() + 7 * 24h);
    CHECK(refusal(run_to_end(access_tokens.rotate(g, weak, {}))) == errc::conflict);
    CHECK(run_to_end(access_tokens.rotate(edits(owner, project), strong, {})));
    // Taking one away is no gain.
    auto const another = create(edits(owner, project), role::owner)->token.record.id;
    auto const before = bots();
    CHECK(run_to_end(access_tokens.revoke(g, another)));
    CHECK_FALSE(run_to_end(stores->tokens().find(another)));
    CHECK(bots() == before - 1);
}

TEST_CASE_FIXTURE(fixture, "a token makes a new one of itself, in its own place alone") {
    auto const made = create(edits(owner, project), role::developer).value();
    auto const held = [&](auth::issued_token const& token) {
        auth::principal p;
        p.what = auth::principal::kind::user;
        p.user = token.record.user;
        p.token = token.record.id;
        p.scopes = auth::scope::self_rotate;
        return grant(std::make_shared<auth::principal const>(p), permission::rotate_token);
    };
    auto const rotate = [&](auth::grant const& g, registry::manage_access_tokens::place_name at) {
        return run_to_end(access_tokens.rotate_self(g, std::move(at), {}));
    };
    auto const number = project.id.value;
    CHECK(refusal(rotate(held(made.token), {false, number + 1000})) == errc::not_found);
    CHECK(refusal(rotate(held(made.token), {true, number})) == errc::not_found);
    CHECK(refusal(rotate(held(made.token), {false, std::string("no/such")})) == errc::not_found);
    CHECK(refusal(rotate(held(made.token), {true, std::string("no")})) == errc::not_found);

    auto const second = rotate(held(made.token), {false, number}).value();
    CHECK(second.role == role::developer);
    CHECK(second.where == storage::place_id(project.id));
    CHECK(second.token.record.user == made.token.record.user);
    CHECK(run_to_end(stores->tokens().find(made.token.record.id))->revoked);
    CHECK(refusal(rotate(held(made.token), {false, number})) == errc::conflict);
    CHECK(rotate(held(second.token), {false, project.path}));

    // A person's token is nobody's access token.
    auth::issued_token own;
    own.record.user = owner.id;
    CHECK(refusal(rotate(held(own), {false, number})) == errc::not_found);
}

TEST_CASE_FIXTURE(fixture, "a token makes no others, for they would outlive it") {
    auto const made = create(edits(owner, project), role::owner).value();
    CHECK(refusal(create(edits(bot_of(made), project), role::guest)) == errc::invalid_argument);
    CHECK(bots() == 1);
}

TEST_CASE_FIXTURE(fixture, "a token whose bot is a member no more is found, and can be revoked") {
    auto const g = edits(maintainer, project);
    auto const made = create(g, role::developer).value();
    auto const id = made.token.record.id;
    run_to_end(stores->members().remove(project.id, made.token.record.user)).value();
    CHECK(run_to_end(access_tokens.find(g, id))->role == role::none);
    CHECK(run_to_end(access_tokens.revoke(g, id)));
    CHECK(bots() == 0);
}

TEST_CASE_FIXTURE(fixture, "a place takes its bots and their tokens with it") {
    auto const made = create(edits(maintainer, project), role::guest).value();
    run_to_end(stores->projects().remove(project.id)).value();
    CHECK(bots() == 0);
    CHECK_FALSE(run_to_end(stores->tokens().find(made.token.record.id)));
}

}  // namespace pilothouse::tests::access_tokens_test
