// The contract of storage::operation_log: how operations begin, end, and are told of.
#include "storage/operation_log.hpp"

#include "tests/contract/release_scene.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::operation_log_test {

namespace {

using namespace std::chrono_literals;
using storage::begun;
using storage::new_operation;
using storage::operation_ending;
using storage::operation_filter;
using storage::operation_kind;
using storage::operation_record;
using storage::operation_state;
using storage::release_status;
using texts = std::vector<std::string>;

operation_record operation_now(storage::stores& s, std::string id) {
    auto found = wait(s.operations().find(std::move(id)));
    REQUIRE(found);
    return std::move(*found);
}

std::string values_of(storage::stores& s, std::string id) {
    auto found = wait(s.operations().reclaim(std::move(id)));
    REQUIRE(found);
    return found->sealed_values;
}

template <class T>
errc code_of(result<T> const& r) {
    REQUIRE_FALSE(r);
    CHECK_FALSE(r.error().detail.empty());
    return r.error().code;
}

texts ids(storage::stores& s, operation_filter filter = {}, std::size_t skip = 0,
          std::size_t count = 1000) {
    texts all;
    for (auto const& o : wait(s.operations().list(std::move(filter), skip, count)))
        all.push_back(o.id);
    return all;
}

auto process(std::int64_t number) {
    return [number](operation_record& o) -> result<void> {
        o.process = {number, 0xffff'ffff'ffff'fff0};
        return {};
    };
}

new_operation with_key(new_operation wanted, std::string key, std::string const& request = "r",
                       std::string subject = "user 1", std::string method = "Install") {
    wanted.once = {std::move(subject), std::move(method), std::move(key), sha256(request)};
    return wanted;
}

new_operation by(new_operation wanted, storage::user_id who) {
    wanted.operation.by = who;
    return wanted;
}

}  // namespace

TEST_CASE("Kinds and states of operations have names") {
    for (auto const* const word :
         {"install", "update", "uninstall", "rollback", "stop", "restart"}) {
        auto const kind = storage::operation_kind_named(word);
        REQUIRE(kind);
        CHECK(storage::name_of(*kind) == word);
    }
    for (auto const* const word : {"queued", "running", "cancelling", "done"}) {
        auto const state = storage::operation_state_named(word);
        REQUIRE(state);
        CHECK(storage::name_of(*state) == word);
    }
    for (auto const* const word : {"", "Install", "run", "unknown", "done "}) {
        CHECK_FALSE(storage::operation_kind_named(word));
        CHECK_FALSE(storage::operation_state_named(word));
    }
}

TEST_CASE_TEMPLATE("An operation is kept as it was asked for", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    stores.time.set(from_nanoseconds(1'000'000'123));
    auto const cluster = make_cluster(*stores);
    auto wanted = install_of(cluster, "web", "team-a");
    auto const user = make_user(*stores);
    wanted.operation.by = user.id;
    wanted.operation.by_name = "ada";
    wanted.operation.source = make_source("3.0.0");
    wanted.operation.wanted_revision = 4;
    wanted.operation.options = {77s, false, true, true, true, true};
    // What begin() gives, whatever is written there.
    wanted.operation.state = operation_state::done;
    wanted.operation.release = "chosen";
    wanted.operation.cluster_name = "chosen";
    wanted.operation.created = instant(9h);
    wanted.operation.started = instant(9h);
    wanted.operation.finished = instant(9h);
    wanted.operation.attempted_again = true;
    wanted.operation.revision_before = 9;
    wanted.operation.own_before = 9;
    wanted.operation.process = {9, 9};
    wanted.operation.helm_version = "v9";
    wanted.operation.error = {errc::broken, "no"};
    wanted.operation.warning = "no";
    auto const made = begin(*stores, wanted);
    CHECK_FALSE(made.repeated);
    for (auto const& o : {made.operation, operation_now(*stores, made.operation.id)}) {
        CHECK(o.id == made.operation.id);
        CHECK(o.kind == operation_kind::install);
        CHECK(o.state == operation_state::queued);
        CHECK(o.release == made.release.id);
        CHECK(o.cluster == cluster);
        CHECK(o.cluster_name == "prod");
        CHECK(o.name_space == "team-a");
        CHECK(o.name == "web");
        CHECK(o.description == "Install shop");
        CHECK(o.by == user.id);
        CHECK(o.by_name == "ada");
        CHECK(o.created == from_nanoseconds(1'000'000'123));
        CHECK(o.modified == o.created);
        CHECK_FALSE(o.started);
        CHECK_FALSE(o.finished);
        REQUIRE(o.source);
        CHECK(o.source->reference == "as-it-was-named/3.0.0");
        CHECK(o.source->product == "grp/app/shop");
        CHECK(o.source->project == storage::project_id{77});
        CHECK(o.source->project_path == "grp/app");
        CHECK(o.source->channel == "stable");
        CHECK(o.source->chart == "shop");
        CHECK(o.source->version == "3.0.0");
        CHECK(o.source->archive == sha256("archive of 3.0.0"));
        CHECK(o.wanted_revision == 4);
        CHECK(o.options.timeout == 77s);
        CHECK_FALSE(o.options.wait);
        CHECK(o.options.wait_for_jobs);
        CHECK(o.options.rollback_on_failure);
        CHECK(o.options.force_conflicts);
        CHECK(o.options.skip_hooks);
        CHECK_FALSE(o.attempted_again);
        CHECK_FALSE(o.revision_before);
        CHECK(o.own_before == 0);
        CHECK(o.process.number == 0);
        CHECK(o.process.start_time == 0);
        CHECK(o.helm_version.empty());
        CHECK_FALSE(o.error);
        CHECK(o.warning.empty());
    }
    CHECK(values_of(*stores, made.operation.id) == "sealed values of web");
    CHECK(code_of(wait(stores->operations().find("o000"))) == errc::not_found);
}

TEST_CASE_TEMPLATE("Each option is kept by itself", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    using flag = bool storage::operation_options::*;
    for (flag const member :
         {&storage::operation_options::wait, &storage::operation_options::wait_for_jobs,
          &storage::operation_options::rollback_on_failure,
          &storage::operation_options::force_conflicts, &storage::operation_options::skip_hooks,
          &storage::operation_options::namespaced_only}) {
        auto wanted = install_of(cluster);
        wanted.operation.options = {1s, false, false, false, false, false, false};
        wanted.operation.options.*member = true;
        auto const made = begin(*stores, wanted);
        auto const o = operation_now(*stores, made.operation.id).options;
        CHECK(o.*member);
        CHECK(o.wait + o.wait_for_jobs + o.rollback_on_failure + o.force_conflicts + o.skip_hooks +
                  o.namespaced_only ==
              1);
        REQUIRE(wait(stores->operations().cancel(made.operation.id)));
    }
}

TEST_CASE("Operations, keys, events and values are there after a restart") {
    opened<folder_adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = begin(*stores, with_key(install_of(cluster), "key"));
    wait(stores->operation_events().append(made.operation.id, {{0, {}, "queued", "text"}}));
    REQUIRE(wait(stores->operations().claim({})));
    REQUIRE(wait(stores->operations().note(made.operation.id, process(42))));
    stores.reopen();
    auto const o = operation_now(*stores, made.operation.id);
    CHECK(o.state == operation_state::running);
    CHECK(o.process.number == 42);
    CHECK(o.process.start_time == 0xffff'ffff'ffff'fff0);
    CHECK(values_of(*stores, o.id) == "sealed values of shop");
    CHECK(begin(*stores, with_key(install_of(cluster), "key")).operation.id == o.id);
    CHECK(wait(stores->operation_events().read(o.id, 0)).size() == 1);
    CHECK(refused(*stores, change_of(made.release.id)).code == errc::busy);
    CHECK_FALSE(wait(stores->operations().claim({})));  // it stays with its claimer
    CHECK(ids(*stores, {"", {}, {}, true}) == texts{o.id});
}

TEST_CASE_TEMPLATE("A change shows in the release from its beginning on", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_release(*stores, make_cluster(*stores));
    stores.time.advance(1h);
    for (auto const& [kind, status] :
         {std::pair(operation_kind::update, release_status::pending_upgrade),
          std::pair(operation_kind::uninstall, release_status::uninstalling),
          std::pair(operation_kind::rollback, release_status::pending_rollback),
          std::pair(operation_kind::stop, release_status::deployed),
          std::pair(operation_kind::restart, release_status::deployed)}) {
        auto const operation = begin(*stores, change_of(made.id, kind));
        CHECK(operation.operation.kind == kind);
        CHECK(operation.operation.release == made.id);
        CHECK(operation.operation.cluster == made.cluster);
        CHECK(operation.operation.cluster_name == "prod");
        CHECK(operation.operation.name_space == "default");
        CHECK(operation.operation.name == "shop");
        CHECK_FALSE(operation.operation.source);
        for (auto const& r : {operation.release, release_now(*stores, made.id)}) {
            CHECK(r.id == made.id);
            CHECK(r.status == status);
            CHECK(r.revision == 1);
            CHECK(r.created == made.created);
            CHECK(r.updated == stores.time.now());
            CHECK(r.source.version == "1.0.0");
        }
        CHECK(values_of(*stores, operation.operation.id).empty());
        (void)finish(*stores, operation.operation.id);
    }
}

TEST_CASE_TEMPLATE("An install needs a cluster and a free name", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    CHECK(refused(*stores, install_of({99})).code == errc::not_found);
    CHECK(refused(*stores, by(install_of(cluster), {99})).code == errc::not_found);
    auto const first = begin(*stores, install_of(cluster));
    CHECK(refused(*stores, install_of(cluster)).code == errc::conflict);
    (void)begin(*stores, install_of(cluster, "shop", "elsewhere"));
    (void)begin(*stores, install_of(cluster, "other"));
    (void)begin(*stores, install_of(make_cluster(*stores, "second")));
    (void)finish(*stores, first.operation.id);
    CHECK(refused(*stores, install_of(cluster)).code == errc::conflict);
    CHECK(ids(*stores).size() == 4);

    auto const removal = begin(*stores, change_of(first.release.id, operation_kind::uninstall));
    CHECK(refused(*stores, install_of(cluster)).code == errc::conflict);
    (void)finish(*stores, removal.operation.id, left_nothing());
    CHECK(begin(*stores, install_of(cluster)).release.id != first.release.id);
}

TEST_CASE_TEMPLATE("A change needs a release that is there", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = make_release(*stores, make_cluster(*stores));
    CHECK(refused(*stores, change_of("r000")).code == errc::not_found);
    CHECK(refused(*stores, change_of("")).code == errc::not_found);
    CHECK(refused(*stores, by(change_of(made.id), {99})).code == errc::not_found);
    CHECK(release_now(*stores, made.id).status == release_status::deployed);
    auto const removal = begin(*stores, change_of(made.id, operation_kind::uninstall));
    (void)finish(*stores, removal.operation.id, left_nothing());
    CHECK(refused(*stores, change_of(made.id)).code == errc::not_found);
    CHECK(refused(*stores, change_of(made.id, operation_kind::uninstall)).code == errc::not_found);
}

TEST_CASE_TEMPLATE("Of one release one operation at a time is not done", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = begin(*stores, install_of(cluster));
    auto const expected = "conflicting operation \"" + made.operation.id + "\" detected";
    auto const check_busy = [&] {
        for (auto const kind :
             {operation_kind::update, operation_kind::uninstall, operation_kind::rollback,
              operation_kind::stop, operation_kind::restart}) {
            auto const why = refused(*stores, change_of(made.release.id, kind));
            CHECK(why.code == errc::busy);
            CHECK(why.detail == expected);
        }
    };
    check_busy();
    REQUIRE(wait(stores->operations().claim({})));
    check_busy();
    REQUIRE(wait(stores->operations().cancel(made.operation.id)));
    check_busy();
    CHECK(release_now(*stores, made.release.id).status == release_status::pending_install);
    (void)finish(*stores, made.operation.id);
    (void)begin(*stores, change_of(made.release.id));
}

TEST_CASE_TEMPLATE("A request that comes again is answered with what it began", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const first = begin(*stores, with_key(install_of(cluster), "key"));
    auto const check_same = [&](begun const& again) {
        CHECK(again.repeated);
        CHECK(again.operation.id == first.operation.id);
        CHECK(again.release.id == first.release.id);
    };
    check_same(begin(*stores, with_key(install_of(cluster), "key")));
    // Whatever else it says: the digest alone tells requests apart. Also where nobody may queue.
    auto other = with_key(install_of(cluster, "other"), "key");
    other.waiting_max = 0;
    check_same(begin(*stores, other));
    REQUIRE(wait(stores->operations().claim({})));
    auto const running = begin(*stores, with_key(install_of(cluster), "key"));
    CHECK(running.operation.state == operation_state::running);
    (void)finish(*stores, first.operation.id);
    auto const done = begin(*stores, with_key(install_of(cluster), "key"));
    check_same(done);
    CHECK(done.operation.state == operation_state::done);
    CHECK(done.release.status == release_status::deployed);

    auto const removal =
        begin(*stores, with_key(change_of(first.release.id, operation_kind::uninstall), "key", "r",
                                "user 1", "Uninstall"));
    CHECK_FALSE(removal.repeated);
    (void)finish(*stores, removal.operation.id, left_nothing());
    auto const gone = begin(*stores, with_key(install_of(cluster), "key"));
    check_same(gone);
    CHECK(gone.release.gone);
    CHECK(ids(*stores).size() == 2);
}

TEST_CASE_TEMPLATE("An operation has the id that it was given, and is begun once by it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto wanted = install_of(cluster);
    wanted.operation.id = "o1234567890abcdefghi";
    auto const first = begin(*stores, wanted);
    CHECK(first.operation.id == "o1234567890abcdefghi");
    CHECK_FALSE(first.repeated);
    auto const again = begin(*stores, wanted);
    CHECK(again.repeated);
    CHECK(again.operation.id == first.operation.id);
    CHECK(again.release.id == first.release.id);
    CHECK(ids(*stores).size() == 1);
}

TEST_CASE_TEMPLATE("A key is one of its subject and method, and of one request", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const first = begin(*stores, with_key(install_of(cluster, "a"), "key"));
    auto const why = refused(*stores, with_key(install_of(cluster, "b"), "key", "other request"));
    CHECK(why.code == errc::invalid_argument);
    for (auto const& wanted :
         {with_key(install_of(cluster, "c"), "key", "r", "user 2"),
          with_key(install_of(cluster, "d"), "key", "r", "user 1", "Update"),
          with_key(install_of(cluster, "e"), "Key"), with_key(install_of(cluster, "f"), "key "),
          with_key(install_of(cluster, "g"), std::string("key\0", 4))}) {
        auto const made = begin(*stores, wanted);
        CHECK_FALSE(made.repeated);
        CHECK(made.operation.id != first.operation.id);
    }
}

TEST_CASE_TEMPLATE("What a key began is told without a request", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    stores.time.set(instant(1000h));
    auto const cluster = make_cluster(*stores);
    auto const wanted = with_key(install_of(cluster), "key");
    auto const before = [&](new_operation const& w) {
        return wait(stores->operations().begun_before(*w.once));
    };
    CHECK_FALSE(before(wanted).value());
    auto const first = begin(*stores, wanted);
    auto const told = before(wanted);
    REQUIRE(told);
    REQUIRE(*told);
    CHECK((*told)->repeated);
    CHECK((*told)->operation.id == first.operation.id);
    CHECK((*told)->release.id == first.release.id);
    CHECK(before(with_key(install_of(cluster), "key", "other")).error().code ==
          errc::invalid_argument);
    CHECK_FALSE(before(with_key(install_of(cluster), "key", "r", "user 2")).value());
    stores.time.advance(24h);
    CHECK_FALSE(before(wanted).value());
    CHECK(ids(*stores).size() == 1);
}

TEST_CASE_TEMPLATE("A request that was refused leaves its key free", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    (void)begin(*stores, install_of(cluster));
    CHECK(refused(*stores, with_key(install_of(cluster), "key", "one")).code == errc::conflict);
    CHECK_FALSE(begin(*stores, with_key(install_of(cluster, "b"), "key", "two")).repeated);
}

TEST_CASE_TEMPLATE("A key is forgotten after a day", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    stores.time.set(instant(1000h));
    auto const cluster = make_cluster(*stores);
    auto const first = begin(*stores, with_key(install_of(cluster, "a"), "key"));
    stores.time.advance(24h - 1ns);
    CHECK(wait(stores->operations().forget(instant(0h))) == 0);
    CHECK(begin(*stores, with_key(install_of(cluster, "b"), "key")).repeated);
    stores.time.advance(1ns);
    auto const second = begin(*stores, with_key(install_of(cluster, "b"), "key", "other"));
    CHECK_FALSE(second.repeated);
    CHECK(begin(*stores, with_key(install_of(cluster, "b"), "key", "other")).operation.id ==
          second.operation.id);
    stores.time.advance(24h);
    CHECK(wait(stores->operations().forget(instant(0h))) == 0);
    CHECK_FALSE(begin(*stores, with_key(install_of(cluster, "c"), "key", "third")).repeated);
    CHECK(operation_now(*stores, first.operation.id).state == operation_state::queued);
}

TEST_CASE_TEMPLATE("No more may wait than is allowed, in all and of one caller", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const ada = make_user(*stores, "ada").id;
    auto const bob = make_user(*stores, "bob").id;
    int number = 0;
    auto const wanted = [&](storage::user_id who) {
        auto w = by(install_of(cluster, "shop-" + std::to_string(++number)), who);
        w.waiting_max = 5;
        w.waiting_of_caller_max = 2;
        return w;
    };
    (void)begin(*stores, wanted(ada));
    auto const mine = begin(*stores, wanted(ada)).operation.id;
    CHECK(refused(*stores, wanted(ada)).code == errc::unavailable);
    (void)begin(*stores, wanted(bob));
    // The command line is nobody, and has no limit of its own.
    (void)begin(*stores, wanted({}));
    (void)begin(*stores, wanted({}));
    CHECK(refused(*stores, wanted({})).code == errc::unavailable);
    CHECK(refused(*stores, wanted(bob)).code == errc::unavailable);
    CHECK(wait(stores->operations().count()).queued == 5);
    CHECK(wait(stores->releases().list({}, {}, 100)).size() == 5);
    // Who runs, and who is done, waits no more.
    auto const first = wait(stores->operations().claim({}));
    REQUIRE(first);
    CHECK(first->operation.by == ada);
    (void)begin(*stores, wanted(ada));
    REQUIRE(wait(stores->operations().cancel(mine)));
    (void)begin(*stores, wanted(ada));
    CHECK(refused(*stores, wanted(bob)).code == errc::unavailable);
}

TEST_CASE_TEMPLATE("Of an operation that runs is noted what is known of it, and no more", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = begin(*stores, install_of(make_cluster(*stores)));
    stores.time.advance(1h);
    REQUIRE(wait(stores->operations().claim({})));
    auto const before = operation_now(*stores, made.operation.id);
    CHECK(before.started == stores.time.now());
    CHECK(before.modified == stores.time.now());
    stores.time.advance(1h);
    auto const noted =
        wait(stores->operations().note(before.id, [](operation_record& o) -> result<void> {
            o.id = "other";
            o.kind = operation_kind::rollback;
            o.state = operation_state::done;
            o.release = "other";
            o.cluster = {99};
            o.cluster_name = o.name_space = o.name = o.description = o.by_name = "other";
            o.by = {99};
            o.created = o.modified = {};
            o.started.reset();
            o.finished = instant(9h);
            o.source.reset();
            o.wanted_revision = 9;
            o.options.timeout = 9s;
            o.error = {errc::broken, "no"};
            o.warning = "no";
            o.attempted_again = true;
            o.revision_before = 0;
            o.own_before = 7;
            o.process = {42, 4711};
            o.helm_version = "v4.2.4";
            return {};
        }));
    REQUIRE(noted);
    for (auto const& o : {*noted, operation_now(*stores, before.id)}) {
        CHECK(o.id == before.id);
        CHECK(o.kind == operation_kind::install);
        CHECK(o.state == operation_state::running);
        CHECK(o.release == before.release);
        CHECK(o.cluster == before.cluster);
        CHECK(o.cluster_name == "prod");
        CHECK(o.name_space == "default");
        CHECK(o.name == "shop");
        CHECK(o.description == "Install shop");
        CHECK(o.by == storage::user_id());
        CHECK(o.by_name == "ada");
        CHECK(o.created == before.created);
        CHECK(o.modified == stores.time.now());
        CHECK(o.started == before.started);
        CHECK_FALSE(o.finished);
        CHECK(o.source);
        CHECK(o.wanted_revision == 0);
        CHECK(o.options.timeout == 300s);
        CHECK_FALSE(o.error);
        CHECK(o.warning.empty());
        CHECK(o.attempted_again);
        REQUIRE(o.revision_before);
        CHECK(*o.revision_before == 0);
        CHECK(o.own_before == 7);
        CHECK(o.process.number == 42);
        CHECK(o.process.start_time == 4711);
        CHECK(o.helm_version == "v4.2.4");
    }
}

TEST_CASE_TEMPLATE("A note that fails changes nothing, and what is done takes none", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = begin(*stores, install_of(make_cluster(*stores)));
    auto const fails = [](operation_record& o) -> result<void> {
        o.helm_version = "v9";
        return failure(errc::denied, "no");
    };
    CHECK(code_of(wait(stores->operations().note(made.operation.id, fails))) == errc::denied);
    CHECK(operation_now(*stores, made.operation.id).helm_version.empty());
    CHECK(code_of(wait(stores->operations().note("o000", process(1)))) == errc::not_found);
    (void)finish(*stores, made.operation.id);
    CHECK(code_of(wait(stores->operations().note(made.operation.id, process(1)))) ==
          errc::wrong_state);
    CHECK(operation_now(*stores, made.operation.id).process.number == 0);
}

TEST_CASE_TEMPLATE("The end of an operation is told in it and in its release", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = begin(*stores, install_of(cluster));
    REQUIRE(wait(stores->operations().claim({})));
    stores.time.advance(1h);
    operation_ending ending;
    ending.error = {errc::timed_out, "Deployment web: 0 of 1 ready"};
    ending.warning = "a warning";
    ending.status = release_status::failed;
    ending.revision = 3;
    ending.description = "Release failed";
    ending.source = make_source("2.0.0");
    auto const done = finish(*stores, made.operation.id, ending);
    for (auto const& o : {done, operation_now(*stores, made.operation.id)}) {
        CHECK(o.state == operation_state::done);
        CHECK(o.finished == stores.time.now());
        CHECK(o.modified == stores.time.now());
        REQUIRE(o.error);
        CHECK(o.error->code == errc::timed_out);
        CHECK(o.error->message == "Deployment web: 0 of 1 ready");
        CHECK(o.warning == "a warning");
        CHECK(o.source->version == "1.0.0");
    }
    auto const r = release_now(*stores, made.release.id);
    CHECK(r.status == release_status::failed);
    CHECK(r.revision == 3);
    CHECK(r.description == "Release failed");
    CHECK(r.source.version == "2.0.0");
    CHECK(r.source.archive == make_source("2.0.0").archive);
    CHECK(r.updated == stores.time.now());
    CHECK(r.seen == stores.time.now());
    CHECK_FALSE(r.gone);

    CHECK(code_of(wait(stores->operations().finish(made.operation.id, deployed()))) ==
          errc::wrong_state);
    CHECK(code_of(wait(stores->operations().finish("o000", deployed()))) == errc::not_found);
    CHECK(release_now(*stores, made.release.id).status == release_status::failed);
}

TEST_CASE_TEMPLATE("Every reason for which an operation failed is kept", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const release = make_release(*stores, make_cluster(*stores));
    for (int i = 0; i <= static_cast<int>(errc::broken); ++i) {
        auto const code = static_cast<errc>(i);
        auto const made = begin(*stores, change_of(release.id));
        auto ending = deployed();
        ending.error = {code, "why"};
        (void)finish(*stores, made.operation.id, ending);
        CHECK(operation_now(*stores, made.operation.id).error->code == code);
    }
}

TEST_CASE_TEMPLATE("Where nobody saw the release at the end, nobody says so", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const release = make_release(*stores, make_cluster(*stores));
    stores.time.advance(1h);
    auto ending = deployed(1);
    ending.status = release_status::unknown;
    (void)finish(*stores, begin(*stores, change_of(release.id)).operation.id, ending);
    auto const now = release_now(*stores, release.id);
    CHECK(now.status == release_status::unknown);
    CHECK(now.seen == release.seen);
    CHECK(now.updated == stores.time.now());
}

TEST_CASE_TEMPLATE("A release is stopped from the end that says so to the end that says otherwise",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const release = make_release(*stores, make_cluster(*stores));
    auto const stopped = [&](operation_kind kind, std::optional<bool> says) {
        auto const id = begin(*stores, change_of(release.id, kind)).operation.id;
        auto ending = deployed(1);
        ending.stopped = says;
        (void)finish(*stores, id, ending);
        return release_now(*stores, release.id).stopped;
    };
    CHECK_FALSE(release.stopped);
    CHECK_FALSE(stopped(operation_kind::update, {}));
    CHECK(stopped(operation_kind::stop, true));
    CHECK(stopped(operation_kind::update, {}));
    CHECK_FALSE(stopped(operation_kind::update, false));
}

TEST_CASE_TEMPLATE("A revision after the one before an operation is ours, others are not", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const release = make_release(*stores, make_cluster(*stores));
    auto const changed_elsewhere = [&](std::optional<int> before, int after, int own = 0) {
        auto const id = begin(*stores, change_of(release.id)).operation.id;
        REQUIRE(wait(stores->operations().note(id, [&](operation_record& o) -> result<void> {
            o.revision_before = before;
            o.own_before = own;
            return {};
        })));
        (void)finish(*stores, id, deployed(after));
        return release_now(*stores, release.id).changed_elsewhere;
    };
    CHECK_FALSE(changed_elsewhere({}, 2));
    CHECK_FALSE(changed_elsewhere(2, 3));
    CHECK(changed_elsewhere(4, 4));  // somebody made the fourth, and ours made none
    CHECK(changed_elsewhere(4, 4));
    CHECK_FALSE(changed_elsewhere(4, 6));
    CHECK_FALSE(changed_elsewhere(6, 6));
    CHECK_FALSE(changed_elsewhere(8, 9));
    CHECK_FALSE(changed_elsewhere(10, 10, 10));  // it was mended before ours began
}

TEST_CASE_TEMPLATE("An uninstalled release is gone with its operation", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const release = make_release(*stores, make_cluster(*stores));
    auto const made = begin(*stores, change_of(release.id, operation_kind::uninstall));
    CHECK(release_now(*stores, release.id).status == release_status::uninstalling);
    auto const done = finish(*stores, made.operation.id, left_nothing());
    CHECK_FALSE(done.error);
    CHECK(is_gone(*stores, release.id));
    CHECK(wait(stores->releases().list({}, {}, 10)).empty());
    auto const o = operation_now(*stores, made.operation.id);
    CHECK(o.release == release.id);
    CHECK(o.name == "shop");
    CHECK(o.cluster_name == "prod");
}

TEST_CASE_TEMPLATE("The values of an operation are there until it ends", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    for (bool const cancelled : {false, true}) {
        auto const made = begin(*stores, install_of(cluster, cancelled ? "b" : "a"));
        auto const id = made.operation.id;
        auto const all = wait(stores->operations().reclaim(id));
        REQUIRE(all);
        CHECK(all->operation.id == id);
        CHECK(all->release.id == made.release.id);
        CHECK(all->release.source.version == "1.0.0");
        CHECK(all->sealed_values.starts_with("sealed values"));
        if (cancelled) {
            REQUIRE(wait(stores->operations().cancel(id)));
        } else {
            REQUIRE(wait(stores->operations().claim({})));
            REQUIRE(wait(stores->operations().cancel(id)));
            CHECK(values_of(*stores, id) == "sealed values of a");
            (void)finish(*stores, id);
        }
        CHECK(code_of(wait(stores->operations().reclaim(id))) == errc::not_found);
    }
    CHECK(code_of(wait(stores->operations().reclaim("o000"))) == errc::not_found);
}

TEST_CASE("Erased values leave nothing in the files") {
    opened<folder_adapter> stores;
    auto const database = stores.directory.path() / "data" / "pilothouse.db";
    auto const cluster = make_cluster(*stores);
    std::string const planted = "PLANTED-for-the-search";
    std::string large;
    for (int i = 0; i < 2'000; ++i) large += planted + '-';
    auto finished = install_of(cluster, "a");
    finished.sealed_values = planted;
    auto cancelled = install_of(cluster, "b");
    cancelled.sealed_values = large;
    auto kept = install_of(cluster, "c");
    kept.sealed_values = "KEPT-for-the-search";
    std::vector<std::string> beside;
    for (int i = 0; i < 50; ++i)
        beside.push_back(begin(*stores, install_of(cluster, "z" + std::to_string(i))).operation.id);
    auto const one = begin(*stores, finished).operation.id;
    auto const two = begin(*stores, cancelled).operation.id;
    (void)begin(*stores, kept);
    stores.reopen();  // the log is in the database then
    CHECK(read_whole(database).find(planted) != std::string::npos);

    (void)finish(*stores, one);
    REQUIRE(wait(stores->operations().cancel(two)));
    for (auto const& id : beside) REQUIRE(wait(stores->operations().cancel(id)));
    stores.reopen();
    auto const bytes = read_whole(database);
    CHECK(bytes.find(planted) == std::string::npos);
    CHECK(bytes.find("sealed values of z") == std::string::npos);
    CHECK(bytes.find("KEPT-for-the-search") != std::string::npos);
}

TEST_CASE_TEMPLATE("What waits is cancelled at once", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = begin(*stores, install_of(cluster));
    stores.time.advance(1h);
    auto const cancelled = wait(stores->operations().cancel(made.operation.id));
    REQUIRE(cancelled);
    for (auto const& o : {*cancelled, operation_now(*stores, made.operation.id)}) {
        CHECK(o.state == operation_state::done);
        CHECK(o.finished == stores.time.now());
        CHECK(o.modified == stores.time.now());
        CHECK_FALSE(o.started);
        REQUIRE(o.error);
        CHECK(o.error->code == errc::cancelled);
        CHECK_FALSE(o.error->message.empty());
    }
    CHECK(is_gone(*stores, made.release.id));
    CHECK_FALSE(wait(stores->operations().claim({})));
    (void)begin(*stores, install_of(cluster));  // the name is free
    CHECK(code_of(wait(stores->operations().cancel("o000"))) == errc::not_found);
}

TEST_CASE_TEMPLATE("A change that is cancelled while it waits leaves the release as it was",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const made = make_release(*stores, cluster);
    auto failed = deployed(2);
    failed.status = release_status::failed;
    for (auto const& [ending, status] : {std::pair(deployed(), release_status::deployed),
                                         std::pair(failed, release_status::failed)}) {
        (void)finish(*stores, begin(*stores, change_of(made.id)).operation.id, ending);
        for (auto const kind :
             {operation_kind::update, operation_kind::uninstall, operation_kind::rollback,
              operation_kind::stop, operation_kind::restart}) {
            auto const id = begin(*stores, change_of(made.id, kind)).operation.id;
            auto const cancelled = wait(stores->operations().cancel(id));
            REQUIRE(cancelled);
            CHECK(cancelled->state == operation_state::done);
            CHECK(release_now(*stores, made.id).status == status);
        }
    }
}

TEST_CASE_TEMPLATE("What runs is marked, and what is marked or done stays as it is", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const made = begin(*stores, install_of(make_cluster(*stores)));
    REQUIRE(wait(stores->operations().claim({})));
    stores.time.advance(1h);
    auto const marked = wait(stores->operations().cancel(made.operation.id));
    REQUIRE(marked);
    CHECK(marked->state == operation_state::cancelling);
    CHECK(marked->modified == stores.time.now());
    CHECK_FALSE(marked->error);
    auto const at = stores.time.now();
    stores.time.advance(1h);
    auto const again = wait(stores->operations().cancel(made.operation.id));
    REQUIRE(again);
    CHECK(again->state == operation_state::cancelling);
    CHECK(again->modified == at);
    CHECK(release_now(*stores, made.release.id).status == release_status::pending_install);

    auto const finished = finish(*stores, made.operation.id);
    stores.time.advance(1h);
    auto const after = wait(stores->operations().cancel(made.operation.id));
    REQUIRE(after);
    CHECK(after->state == operation_state::done);
    CHECK_FALSE(after->error);
    CHECK(after->modified == finished.modified);
    CHECK(release_now(*stores, made.release.id).status == release_status::deployed);
}

TEST_CASE_TEMPLATE("Operations are listed the newest first, by what is asked for", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;  // all at the very same moment
    auto const one = make_cluster(*stores, "one");
    auto const two = make_cluster(*stores, "two");
    auto const a = begin(*stores, install_of(one, "a"));
    auto const b = begin(*stores, install_of(two, "b"));
    auto const c = begin(*stores, install_of(one, "c"));
    (void)finish(*stores, a.operation.id);
    auto const a2 = begin(*stores, change_of(a.release.id));
    CHECK(ids(*stores) == texts{a2.operation.id, c.operation.id, b.operation.id, a.operation.id});
    CHECK(ids(*stores, {}, 1, 2) == texts{c.operation.id, b.operation.id});
    CHECK(ids(*stores, {}, 3, 2) == texts{a.operation.id});
    CHECK(ids(*stores, {}, 4, 2).empty());
    CHECK(ids(*stores, {}, 0, 0).empty());
    CHECK(ids(*stores, {a.release.id, {}, {}, false}) == texts{a2.operation.id, a.operation.id});
    CHECK(ids(*stores, {a.release.id, {}, {}, false}, 1, 9) == texts{a.operation.id});
    CHECK(ids(*stores, {"r000", {}, {}, false}).empty());
    using within = std::vector<storage::cluster_id>;
    CHECK(ids(*stores, {"", within{two}, {}, false}) == texts{b.operation.id});
    CHECK(ids(*stores, {"", within{one, two}, {}, false}).size() == 4);
    CHECK(ids(*stores, {a.release.id, within{two}, {}, false}).empty());
    CHECK(ids(*stores, {"", within{}, {}, false}).empty());
    CHECK(ids(*stores, {"", {}, operation_state::done, false}) == texts{a.operation.id});
    CHECK(ids(*stores, {"", {}, operation_state::queued, false}) ==
          texts{a2.operation.id, c.operation.id, b.operation.id});
    CHECK(ids(*stores, {"", {}, {}, true}).empty());
    REQUIRE(wait(stores->operations().claim({})));  // b, because nothing ran in two
    REQUIRE(wait(stores->operations().claim({})));
    REQUIRE(wait(stores->operations().cancel(b.operation.id)));
    auto running = ids(*stores, {"", {}, operation_state::running, false});
    REQUIRE(running.size() == 1);
    auto both = texts{b.operation.id, running[0]};
    auto unfinished = ids(*stores, {"", {}, {}, true});
    std::ranges::sort(both);
    std::ranges::sort(unfinished);
    CHECK(unfinished == both);
    CHECK(ids(*stores, {"", {}, operation_state::cancelling, true}) == texts{b.operation.id});
}

TEST_CASE_TEMPLATE("Those that wait and those that run are counted", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const cluster = make_cluster(*stores);
    auto const check = [&](std::size_t queued, std::size_t running) {
        auto const counts = wait(stores->operations().count());
        CHECK(counts.queued == queued);
        CHECK(counts.running == running);
    };
    check(0, 0);
    for (char const* const name : {"a", "b", "c"}) (void)begin(*stores, install_of(cluster, name));
    check(3, 0);
    auto const one = wait(stores->operations().claim({}));
    REQUIRE(one);
    check(2, 1);
    REQUIRE(wait(stores->operations().cancel(one->operation.id)));
    check(2, 1);
    (void)finish(*stores, one->operation.id);
    check(2, 0);
}

TEST_CASE_TEMPLATE("What ended long ago is forgotten, with what nobody names any more", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    stores.time.set(instant(1000h));
    auto const cluster = make_cluster(*stores);
    auto const kept = make_release(*stores, cluster, "kept");
    auto const doomed = begin(*stores, install_of(cluster, "doomed"));
    wait(stores->operation_events().append(doomed.operation.id, {{0, {}, "queued", "text"}}));
    (void)finish(*stores, doomed.operation.id);
    stores.time.advance(1h);
    auto const removal =
        begin(*stores, with_key(change_of(doomed.release.id, operation_kind::uninstall), "key"));
    (void)finish(*stores, removal.operation.id, left_nothing());
    auto const waiting = begin(*stores, install_of(cluster, "waiting"));

    CHECK(wait(stores->operations().forget(instant(1000h))) == 0);  // those before, not at
    CHECK(ids(*stores).size() == 4);
    CHECK(wait(stores->operations().forget(instant(1000h) + 1ns)) == 2);
    CHECK(ids(*stores) == texts{waiting.operation.id, removal.operation.id});
    CHECK(wait(stores->operation_events().read(doomed.operation.id, 0)).empty());
    CHECK(release_now(*stores, kept.id).status == release_status::deployed);
    // Its last operation still names it.
    CHECK(begin(*stores, with_key(change_of(doomed.release.id), "key")).release.id ==
          doomed.release.id);

    CHECK(wait(stores->operations().forget(instant(2000h))) == 1);
    CHECK(ids(*stores) == texts{waiting.operation.id});  // what is not done stays
    CHECK(wait(stores->releases().list({}, {}, 10)).size() == 2);
    CHECK(wait(stores->operations().forget(instant(2000h))) == 0);
    // The key went with the operation.
    CHECK_FALSE(begin(*stores, with_key(install_of(cluster, "doomed"), "key")).repeated);
}

}  // namespace pilothouse::tests::operation_log_test
