// The contract of storage::webhook_store.
#include "storage/webhook_store.hpp"

#include "tests/contract/harness.hpp"

#include <string>
#include <vector>

namespace pilothouse::tests::webhook_store_test {

namespace {

using storage::webhook_id;
using storage::webhook_record;

webhook_record hook_of(storage::project_id project, std::string url = "https://a.example/") {
    webhook_record h;
    h.project = project;
    h.url = std::move(url);
    h.created = h.updated = from_nanoseconds(1'234'567'890);
    return h;
}

void check_same(webhook_record const& a, webhook_record const& b) {
    CHECK(a.id == b.id);
    CHECK(a.project == b.project);
    CHECK(a.name == b.name);
    CHECK(a.url == b.url);
    CHECK(a.sealed_secret == b.sealed_secret);
    CHECK(a.on_push == b.on_push);
    CHECK(a.on_promotion == b.on_promotion);
    CHECK(a.on_deployment == b.on_deployment);
    CHECK(a.enabled == b.enabled);
    CHECK(a.creator == b.creator);
    CHECK(a.by_operator == b.by_operator);
    CHECK(a.created == b.created);
    CHECK(a.updated == b.updated);
}

template <class T>
errc code_of(result<T> const& r) {
    REQUIRE_FALSE(r);
    CHECK_FALSE(r.error().detail.empty());
    return r.error().code;
}

}  // namespace

TEST_CASE_TEMPLATE("A webhook is kept as it was made, in its project alone", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id, other = make_project(*stores, "grp/b").id;
    auto wanted = hook_of(project);
    wanted.id = {4711};
    wanted.name = "ci";
    wanted.sealed_secret = "1.k.AAAA";
    wanted.on_promotion = false;
    wanted.creator = make_user(*stores).id;
    auto const made = wait(stores->webhooks().create(wanted)).value();
    CHECK(made.id != wanted.id);
    wanted.id = made.id;
    check_same(made, wanted);
    check_same(wait(stores->webhooks().find(project, made.id)).value(), wanted);
    CHECK(code_of(wait(stores->webhooks().find(other, made.id))) == errc::not_found);
    CHECK(code_of(wait(stores->webhooks().find(project, webhook_id{4711}))) == errc::not_found);
    CHECK(code_of(wait(stores->webhooks().create(hook_of({4711})))) == errc::not_found);
    auto of_nobody = hook_of(project);
    of_nobody.creator = unknown_user().id;
    CHECK(code_of(wait(stores->webhooks().create(of_nobody))) == errc::not_found);
}

TEST_CASE("A webhook is there after a restart") {
    opened<folder_adapter> stores;
    auto const project = make_project(*stores).id;
    auto wanted = hook_of(project);
    wanted.by_operator = true;
    wanted.enabled = wanted.on_push = wanted.on_deployment = false;
    auto const made = wait(stores->webhooks().create(wanted)).value();
    stores.reopen();
    check_same(wait(stores->webhooks().find(project, made.id)).value(), made);
}

TEST_CASE_TEMPLATE("Webhooks are listed by number, of one project or of all", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id, other = make_project(*stores, "grp/b").id;
    auto const first = wait(stores->webhooks().create(hook_of(project))).value();
    auto const second = wait(stores->webhooks().create(hook_of(other))).value();
    auto const third = wait(stores->webhooks().create(hook_of(project))).value();
    auto const mine = wait(stores->webhooks().list(project));
    REQUIRE(mine.size() == 2);
    check_same(mine[0], first);
    check_same(mine[1], third);
    auto const all = wait(stores->webhooks().list());
    REQUIRE(all.size() == 3);
    check_same(all[1], second);
}

TEST_CASE_TEMPLATE("A project has so many webhooks and no more", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id, other = make_project(*stores, "grp/b").id;
    for (std::size_t i = 0; i < storage::webhooks_of_project_max; ++i)
        REQUIRE(wait(stores->webhooks().create(hook_of(project))));
    CHECK(code_of(wait(stores->webhooks().create(hook_of(project)))) == errc::conflict);
    CHECK(wait(stores->webhooks().create(hook_of(other))));
}

TEST_CASE_TEMPLATE("All of a webhook changes but its number, project and creation", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id;
    auto const made = wait(stores->webhooks().create(hook_of(project))).value();
    auto wanted = hook_of({4711}, "https://b.example/");
    wanted.name = "other";
    wanted.sealed_secret = "1.k.BBBB";
    wanted.on_push = wanted.on_promotion = wanted.on_deployment = wanted.enabled = false;
    wanted.creator = make_user(*stores).id;
    wanted.by_operator = true;
    wanted.created = from_nanoseconds(1);
    wanted.updated = from_nanoseconds(2);
    storage::record_change<webhook_record> const change = [&](webhook_record& h) -> result<void> {
        h = wanted;
        return {};
    };
    auto const edited = wait(stores->webhooks().edit(project, made.id, change)).value();
    wanted.id = made.id;
    wanted.project = project;
    wanted.created = made.created;
    check_same(edited, wanted);
    check_same(wait(stores->webhooks().find(project, made.id)).value(), wanted);
    CHECK(code_of(wait(stores->webhooks().edit(project, webhook_id{4711}, change))) ==
          errc::not_found);
    storage::record_change<webhook_record> const refuse = [](webhook_record& h) -> result<void> {
        h.name = "lost";
        return failure(errc::invalid_argument, "no");
    };
    CHECK(code_of(wait(stores->webhooks().edit(project, made.id, refuse))) ==
          errc::invalid_argument);
    check_same(wait(stores->webhooks().find(project, made.id)).value(), wanted);
}

TEST_CASE_TEMPLATE("A webhook goes by itself, with its project, and outlives its creator", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const project = make_project(*stores).id, other = make_project(*stores, "grp/b").id;
    auto const user = make_user(*stores).id;
    auto wanted = hook_of(project);
    wanted.creator = user;
    auto const first = wait(stores->webhooks().create(wanted)).value();
    auto const second = wait(stores->webhooks().create(hook_of(project))).value();
    REQUIRE(wait(stores->users().remove(user, false)));
    CHECK(wait(stores->webhooks().find(project, first.id))->creator == storage::user_id());
    CHECK(code_of(wait(stores->webhooks().remove(other, first.id))) == errc::not_found);
    CHECK(wait(stores->webhooks().remove(project, first.id)));
    CHECK(code_of(wait(stores->webhooks().remove(project, first.id))) == errc::not_found);
    REQUIRE(wait(stores->projects().remove(project)));
    CHECK(code_of(wait(stores->webhooks().find(project, second.id))) == errc::not_found);
    CHECK(wait(stores->webhooks().list()).empty());
}

}  // namespace pilothouse::tests::webhook_store_test
