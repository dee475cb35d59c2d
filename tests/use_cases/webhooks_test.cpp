// Webhooks: who sets them up, what they are told, and what becomes of a delivery.
#include "base/doorbell.hpp"
#include "base/pause.hpp"
#include "base/task_group.hpp"
#include "notify/deliver.hpp"
#include "notify/dispatcher.hpp"
#include "notify/manage_webhooks.hpp"
#include "notify/sealed_secrets.hpp"
#include "notify/seen_operation.hpp"
#include "notify/webhook_secret.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::webhooks_test {

using namespace std::chrono_literals;
using auth::permission;
using notify::delivery_outcome;
using notify::webhook_changes;
using storage::delivery_record;
using storage::delivery_state;
using storage::occasion;

namespace {

namespace json = boost::json;

// Somebody who answers as he is told, and remembers what he heard.
class fake_sender final : public notify::sender {
public:
    std::vector<notify::outgoing> heard;
    std::map<std::string, int> refusals;  // by URL: how many more he makes
    std::map<std::string, int> now, most;
    int all_now = 0, most_of_all = 0;

    task<notify::sent> send(notify::outgoing what) override {
        most_of_all = std::max(most_of_all, ++all_now);
        most[what.url] = std::max(most[what.url], ++now[what.url]);
        co_await pause_for(1ms);
        --all_now;
        --now[what.url];
        heard.push_back(what);
        if (refusals[what.url]-- > 0) co_return notify::sent{503, 3ms, "answered 503"};
        co_return notify::sent{204, 3ms, ""};
    }
};

struct port : house {
    key_ring keys = key_ring::temporary();
    fake_sender ear;
    notify::delivery_parts parts{faulty.webhooks(),
                                 faulty.deliveries(),
                                 faulty.operations(),
                                 faulty.deployments(),
                                 faulty.services(),
                                 faulty.environments(),
                                 faulty.projects(),
                                 faulty.users(),
                                 faulty.audit(),
                                 policy,
                                 keys,
                                 ear,
                                 time,
                                 {},
                                 {}};
    notify::manage_webhooks hooks{{parts, auditor}};
    logger log{log_format::text, log_level::error};
    metrics::registry metrics;
    std::atomic<bool> stopping{false};

    auth::grant edits() { return grant(permission::edit_project); }
    auth::grant edits_as(std::shared_ptr<auth::principal const> who) {
        return run_to_end(policy.authorize(std::move(who), permission::edit_project, project.id))
            .value();
    }
    static webhook_changes at(std::string url) {
        webhook_changes c;
        c.url = std::move(url);
        return c;
    }
    notify::told_webhook add(std::string url = "https://a.example/") {
        return run_to_end(hooks.add(edits(), at(std::move(url)))).value();
    }
    std::vector<delivery_record> all(storage::webhook_id id) {
        return run_to_end(stores->deliveries().list(id, 0, 10'000));
    }
    storage::webhook_record hook(storage::webhook_id id) {
        return run_to_end(stores->webhooks().find(project.id, id)).value();
    }
    std::vector<std::string> audited() {
        std::vector<std::string> seen;
        for (auto const& e : run_to_end(stores->audit().list({}, 0, 1000)))
            if (e.kind == "ProjectHook") seen.push_back(e.what);
        return seen;
    }
    // So many attempts of pushes of their own, each when it may be.
    void let_fail(storage::webhook_id id, int attempts) {
        ear.refusals["https://a.example/"] = 1000;
        for (int n = 0; n < attempts; ++n) {
            if (auto const until = hook(id).disabled_until; until && *until > time.now())
                time.advance(*until - time.now());
            REQUIRE(push(demo_chart("demo", "1.0." + std::to_string(pushed++))));
            CHECK(deliver(due().back()) == delivery_outcome::again);
        }
    }
    int pushed = 0;
    std::vector<storage::due_delivery> due() {
        return run_to_end(stores->deliveries().due(time.now(), 100, 100));
    }
    delivery_outcome deliver(storage::due_delivery d) {
        return run_to_end(notify::deliver(parts, std::move(d), stopping)).what;
    }
    std::shared_ptr<auth::principal const> member(std::string name, storage::role as) {
        storage::user_record u;
        u.username = std::move(name);
        u = run_to_end(stores->users().create(u)).value();
        storage::membership m;
        m.role = as;
        m.created = time.now();
        run_to_end(stores->members().set(storage::place_id(project.id), u.id, m)).value();
        access.directory_changed();
        auth::principal p;
        p.what = auth::principal::kind::user;
        p.user = u.id;
        p.name = u.username;
        p.scopes = auth::scope::api;
        return std::make_shared<auth::principal const>(p);
    }
    // An operation that has come to its end, on a chart of the project in such a cluster.
    storage::operation_record operate(storage::cluster_id cluster) {
        storage::new_operation wanted;
        wanted.operation.kind = storage::operation_kind::install;
        wanted.operation.by_name = "ada";
        storage::release_source source;
        source.project = project.id;
        source.project_path = project.path;
        source.chart = "tide";
        source.version = "1.2.3";
        wanted.operation.source = wanted.release.source = source;
        wanted.release.cluster = cluster;
        wanted.release.name_space = "shop";
        wanted.release.name = "tide";
        auto const begun = run_to_end(stores->operations().begin(wanted)).value();
        return run_to_end(stores->operations().cancel(begun.operation.id)).value();
    }
    storage::cluster_record cluster(std::string name, std::optional<storage::place_id> owner = {}) {
        storage::cluster_record c;
        c.name = std::move(name);
        c.owner = owner;
        return run_to_end(stores->clusters().create(c)).value();
    }
};

template <class T>
errc code_of(result<T> const& r) {
    REQUIRE_FALSE(r);
    return r.error().code;
}

// Until nothing waits any more.
task<void> stop_when_done(port& p, notify::dispatcher& d) {
    while (co_await p.stores->deliveries().count_waiting() != 0) co_await pause_for(1ms);
    d.stop();
}

task<void> run_until_done(port& p, notify::dispatcher& d, task_group& beside) {
    beside.spawn(co_await this_core(), stop_when_done(p, d));
    co_await d.run();
}

void dispatch(port& p, notify::dispatch_limits limits = {}) {
    limits.between_looks = limits.after_trouble = 1ms;
    notify::dispatcher d(p.parts, limits, p.log, p.metrics);
    task_group beside([](std::exception_ptr) {});
    run_to_end(run_until_done(p, d, beside));
}

}  // namespace

TEST_CASE("a push is told, signed by whoever has the secret that was shown once") {
    port p;
    auto const made = p.add();
    REQUIRE(made.made);
    CHECK(notify::check_webhook_secret(*made.made));
    CHECK(made.hook.sealed_secret.find("whsec_") == std::string::npos);
    CHECK(made.hook.on_push);
    CHECK(made.hook.on_promotion);
    CHECK(made.hook.on_deployment);
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    dispatch(p);
    REQUIRE(p.ear.heard.size() == 1);
    auto const& heard = p.ear.heard.front();
    CHECK(heard.url == "https://a.example/");
    CHECK(heard.key.reveal() == made.made->reveal());
    auto const told = json::parse(heard.body);
    CHECK(told.at("type") == "chart.pushed");
    CHECK(told.at("timestamp") == json::value(to_rfc3339(p.time.now())));
    auto const& data = told.at("data");
    CHECK(data.at("project").at("path") == "grp/p");
    CHECK(data.at("channel") == "stable");
    CHECK(data.at("chart") == "demo");
    CHECK(data.at("version") == "1.0.0");
    CHECK(data.at("outcome") == "created");
    CHECK(data.at("by") == "command line");
    auto const d = p.all(made.hook.id).front();
    CHECK(d.state == delivery_state::delivered);
    CHECK(d.message == heard.id);
    CHECK(d.status == 204);
    CHECK(d.duration == 3ms);
}

TEST_CASE("a promotion tells what came, and from where") {
    port p;
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    p.add();
    registry::promotion_request wanted{p.stable(), p.named("proven"), {}};
    wanted.which.chart = "demo";
    REQUIRE(run_to_end(
        p.promote(p.grant(permission::read_chart), p.grant(permission::push_chart), wanted)));
    dispatch(p);
    REQUIRE(p.ear.heard.size() == 1);
    auto const told = json::parse(p.ear.heard.front().body);
    CHECK(told.at("type") == "charts.promoted");
    auto const& data = told.at("data");
    CHECK(data.at("channel") == "proven");
    CHECK(data.at("from") == "grp/p/stable");
    CHECK(data.at("moved") == false);
    CHECK(data.at("versions_count") == 1);
    CHECK(data.at("versions").as_array().front().at("version") == "1.0.0");
}

TEST_CASE("who refuses is asked again, later and with the same id, until he takes it") {
    port p;
    auto const id = p.add().hook.id;
    p.ear.refusals["https://a.example/"] = 2;
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    CHECK(p.deliver(p.due().at(0)) == delivery_outcome::again);
    CHECK(p.due().empty());
    p.time.advance(5s);
    CHECK(p.deliver(p.due().at(0)) == delivery_outcome::again);
    p.time.advance(29s);
    CHECK(p.due().empty());
    p.time.advance(1s);
    CHECK(p.deliver(p.due().at(0)) == delivery_outcome::delivered);
    CHECK(p.due().empty());
    CHECK(p.all(id).front().attempts == 3);
    std::set<std::string> ids;
    std::set<instant> times;
    for (auto const& heard : p.ear.heard) {
        ids.insert(heard.id);
        times.insert(heard.at);
    }
    CHECK(ids.size() == 1);
    CHECK(times.size() == 3);
}

TEST_CASE("who never takes it is left alone after eight attempts") {
    port p;
    auto const id = p.add().hook.id;
    p.ear.refusals["https://a.example/"] = 1000;
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    delivery_outcome last = delivery_outcome::again;
    for (int n = 0; n < 8; ++n) {
        CHECK(last == delivery_outcome::again);
        last = p.deliver(p.due().at(0));
        p.time.advance(6h);
    }
    CHECK(last == delivery_outcome::failed);
    CHECK(p.due().empty());
    CHECK(p.all(id).front().state == delivery_state::failed);
    CHECK(p.all(id).front().error == "answered 503");
}

TEST_CASE("an attempt that the server's end spoiled does not count") {
    port p;
    auto const id = p.add().hook.id;
    p.ear.refusals["https://a.example/"] = 1;
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    p.stopping = true;
    CHECK(p.deliver(p.due().at(0)) == delivery_outcome::again);
    CHECK(p.all(id).front().attempts == 0);
    CHECK(p.due().size() == 1);
}

TEST_CASE("an operation is told of to whoever may see its cluster") {
    port p;
    auto const maintainer = p.member("mary", storage::role::maintainer);
    auto const of_mary =
        run_to_end(p.hooks.add(p.edits_as(maintainer), p.at("https://mary.example/")))->hook.id;
    auto const of_operator = p.add("https://operator.example/").hook.id;
    auto const foreign = p.cluster("foreign");
    auto const own = p.cluster("own", storage::place_id(p.project.id));
    auto const hidden = p.operate(foreign.id), seen = p.operate(own.id);
    REQUIRE(p.all(of_mary).size() == 2);
    dispatch(p);
    REQUIRE(p.all(of_mary).size() == 1);  // of the other nothing is left
    CHECK(p.all(of_mary).front().operation == seen.id);
    CHECK(p.all(of_operator).size() == 2);
    for (auto const& heard : p.ear.heard) {
        auto const told = json::parse(heard.body);
        CHECK(told.at("type") == "deployment.ended");
        auto const& data = told.at("data");
        CHECK(data.at("outcome") == "cancelled");
        CHECK(data.at("kind") == "install");
        CHECK(data.at("namespace") == "shop");
        CHECK(data.at("chart").at("version") == "1.2.3");
        if (heard.url == "https://mary.example/")
            CHECK(data.at("operation") == json::value(seen.id));
    }
    // Whoever edits a webhook is the one who sees from then on; who is blocked sees nothing.
    webhook_changes renamed;
    renamed.name = "ours";
    REQUIRE(run_to_end(p.hooks.edit(p.edits(), of_mary, renamed)));
    p.operate(foreign.id);
    dispatch(p);
    CHECK(p.all(of_mary).size() == 2);
    REQUIRE(run_to_end(p.hooks.edit(p.edits_as(maintainer), of_mary, renamed)));
    storage::record_change<storage::user_record> const block =
        [](storage::user_record& u) -> result<void> {
        u.blocked = true;
        return {};
    };
    REQUIRE(run_to_end(p.stores->users().edit(maintainer->user, block)));
    p.operate(own.id);
    dispatch(p);
    CHECK(p.all(of_mary).size() == 2);
    CHECK(hidden.id != seen.id);
}

TEST_CASE("what is no webhook is refused") {
    port p;
    auto const refused = [&](webhook_changes c) {
        return code_of(run_to_end(p.hooks.add(p.edits(), std::move(c)))) == errc::invalid_argument;
    };
    CHECK(refused({}));
    for (std::string const url :
         {"", "a.example", "ftp://a.example/", "https://", "https://user:word@a.example/",
          "http://127.0.0.1/", "http://10.0.0.1:8080/x", "http://[::1]/", "http://169.254.169.254/",
          "http://[::ffff:10.0.0.1]/"}) {
        CAPTURE(url);
        CHECK(refused(p.at(url)));
    }
    CHECK(refused(p.at("https://a.example/" + std::string(3000, 'a'))));
    auto named = p.at("https://a.example/");
    named.name = "a\nb";
    CHECK(refused(named));
    auto keyed = p.at("https://a.example/");
    keyed.own_secret = secret("whsec_short");
    CHECK(refused(keyed));
    CHECK(run_to_end(p.stores->webhooks().list()).empty());
    keyed.own_secret = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    auto const made = run_to_end(p.hooks.add(p.edits(), keyed)).value();
    CHECK_FALSE(made.made);
    webhook_changes moved;
    moved.url = "http://192.168.0.1/";
    CHECK(code_of(run_to_end(p.hooks.edit(p.edits(), made.hook.id, moved))) ==
          errc::invalid_argument);
    CHECK_THROWS_AS((void)run_to_end(p.hooks.list(p.grant(permission::read_chart))),
                    std::logic_error);
}

TEST_CASE("changes are told in the audit log, without what is secret in them") {
    port p;
    auto const id = p.add("https://a.example/s3cret-path").hook.id;
    webhook_changes c;
    c.fresh_secret = true;
    c.on_push = false;
    auto const edited = run_to_end(p.hooks.edit(p.edits(), id, c)).value();
    REQUIRE(edited.made);
    REQUIRE(run_to_end(p.hooks.remove(p.edits(), id)));
    CHECK(code_of(run_to_end(p.hooks.find(p.edits(), id))) == errc::not_found);
    std::vector<std::string> seen;
    for (auto const& e : run_to_end(p.stores->audit().list({}, 0, 100))) {
        seen.push_back(e.what);
        CHECK(e.name == "https://a.example");
        CHECK(e.detail.find("whsec_") == std::string::npos);
    }
    CHECK(seen ==
          std::vector<std::string>{"webhook_destroyed", "webhook_updated", "webhook_created"});
}

TEST_CASE("a test is sent once and now, and stands in the log") {
    port p;
    auto const id = p.add().hook.id;
    p.ear.refusals["https://a.example/"] = 1;
    auto const failed = run_to_end(p.hooks.test(p.edits(), id, occasion::promotion)).value();
    CHECK(failed.state == delivery_state::failed);
    CHECK(failed.test);
    auto const good = run_to_end(p.hooks.test(p.edits(), id, occasion::push)).value();
    CHECK(good.state == delivery_state::delivered);
    CHECK(p.due().empty());
    auto const log = run_to_end(p.hooks.deliveries(p.edits(), id, 0, 10)).value();
    REQUIRE(log.size() == 2);
    CHECK(log[0].message == p.ear.heard[1].id);
    CHECK(json::parse(log[1].document).at("data").at("test") == true);
    CHECK(json::parse(log[1].document).at("type") == "charts.promoted");
}

TEST_CASE("nobody waits long for others, and no more are sent at once than may be") {
    port p;
    std::vector<storage::webhook_id> ids;
    for (char c = 'a'; c < 'f'; ++c)
        ids.push_back(p.add("https://" + std::string(1, c) + ".example/").hook.id);
    for (int n = 0; n < 6; ++n) REQUIRE(p.push(demo_chart("demo", "1.0." + std::to_string(n))));
    notify::dispatch_limits limits;
    limits.at_once = 4;
    limits.at_once_of_each = 2;
    dispatch(p, limits);
    CHECK(p.ear.heard.size() == 30);
    CHECK(p.ear.most_of_all <= 4);
    for (auto const& [url, most] : p.ear.most) CHECK(most <= 2);
    for (auto const id : ids)
        for (auto const& d : p.all(id)) CHECK(d.attempts == 1);
    CHECK(p.metrics.text().find(R"(pilothouse_webhook_attempts_total{outcome="delivered"} 30)") !=
          std::string::npos);
}

TEST_CASE("whichever call on the stores fails, a delivery is made, under one id") {
    for (auto const how : {fault::failure, fault::exception, fault::full, fault::lost}) {
        for (int nth = 1;; ++nth) {
            CAPTURE(nth);
            port p;
            auto const mary = p.member("mary", storage::role::maintainer);
            auto const id =
                run_to_end(p.hooks.add(p.edits_as(mary), p.at("https://a.example/")))->hook.id;
            REQUIRE(p.push(demo_chart("demo", "1.0.0")));
            p.operate(p.cluster("dev", storage::place_id(p.project.id)).id);
            p.faulty.fuse.blow_at(nth, how);
            dispatch(p);
            bool const all_calls_passed = p.faulty.fuse.calls() < nth;
            std::set<std::string> ids;
            for (auto const& heard : p.ear.heard) ids.insert(heard.id);
            CHECK(ids.size() == 2);
            for (auto const& d : p.all(id)) CHECK(d.state == delivery_state::delivered);
            CHECK(p.all(id).size() == 2);
            if (all_calls_passed || nth > 60) break;
        }
    }
}

TEST_CASE("secrets outlive the keys that sealed them") {
    port p;
    auto const made = p.add();
    notify::sealed_secrets secrets(p.faulty.webhooks(), p.keys);
    CHECK(run_to_end(secrets.are_current()));
    REQUIRE(p.keys.rotate());
    CHECK_FALSE(run_to_end(secrets.are_current()));
    CHECK(run_to_end(secrets.seal_anew()).value() == 1);
    CHECK(run_to_end(secrets.are_current()));
    REQUIRE(p.keys.forget_old());
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    dispatch(p);
    REQUIRE(p.ear.heard.size() == 1);
    CHECK(p.ear.heard.front().key.reveal() == made.made->reveal());
}

TEST_CASE("a webhook that fails four times in a row rests, each time for longer") {
    port p;
    auto const id = p.add().hook.id;
    p.let_fail(id, 3);
    CHECK_FALSE(p.hook(id).disabled_until);
    p.let_fail(id, 1);
    CHECK(p.hook(id).disabled_until == p.time.now() + 1min);
    REQUIRE(p.push(demo_chart("other", "1.0.0")));
    CHECK(p.due().empty());  // but it waits
    p.time.advance(1min);
    CHECK_FALSE(p.due().empty());
    for (auto const pause : {2min, 4min, 8min}) {
        p.let_fail(id, 1);
        CHECK(p.hook(id).disabled_until == p.time.now() + pause);
    }
    p.let_fail(id, 12);
    CHECK(p.hook(id).failures == 19);
    CHECK(p.hook(id).disabled_until == p.time.now() + 24h);
    CHECK(p.hook(id).enabled);
    // It was told once.
    CHECK(p.audited() == std::vector<std::string>{"webhook_rests", "webhook_created"});
}

TEST_CASE("a webhook that rests takes one thing, and is told all again") {
    port p;
    auto const id = p.add().hook.id;
    p.let_fail(id, 4);
    p.ear.refusals.clear();
    p.time.advance(1h);
    dispatch(p);
    CHECK(p.hook(id).failures == 0);
    CHECK_FALSE(p.hook(id).disabled_until);
    for (auto const& d : p.all(id)) CHECK(d.state == delivery_state::delivered);
}

TEST_CASE("a webhook that has failed for days is switched off, and what waits has failed") {
    port p;
    auto const id = p.add().hook.id;
    p.let_fail(id, 19);
    REQUIRE(p.push(demo_chart("demo", "2.0.0")));
    p.time.advance(24h);
    p.deliver(p.due().back());
    auto const off = p.hook(id);
    CHECK_FALSE(off.enabled);
    CHECK(storage::has_given_up(off));
    CHECK_FALSE(off.disabled_until);
    CHECK(p.audited().front() == "webhook_switched_off");
    for (auto const& d : p.all(id)) CHECK(d.state == delivery_state::failed);
    CHECK(p.all(id).back().error == "not sent: the webhook was switched off");
    SUBCASE("a test that is taken switches it on") {
        CHECK(run_to_end(p.hooks.test(p.edits(), id, occasion::push))->state ==
              delivery_state::failed);
        CHECK_FALSE(p.hook(id).enabled);
        p.ear.refusals.clear();
        REQUIRE(run_to_end(p.hooks.test(p.edits(), id, occasion::push)));
        CHECK(p.hook(id).enabled);
    }
    SUBCASE("so does a delivery that is sent again") {
        p.ear.refusals.clear();
        auto const first = p.all(id).back();
        auto const sent = run_to_end(p.hooks.resend(p.edits(), id, first.number)).value();
        CHECK(sent.state == delivery_state::delivered);
        CHECK(p.hook(id).enabled);
    }
    SUBCASE("so does whoever edits it") {
        webhook_changes moved;
        moved.url = "https://b.example/";
        CHECK(run_to_end(p.hooks.edit(p.edits(), id, moved))->hook.enabled);
        CHECK(p.hook(id).failures == 0);
    }
    SUBCASE("unless he says otherwise") {
        webhook_changes still;
        still.enabled = false;
        CHECK_FALSE(run_to_end(p.hooks.edit(p.edits(), id, still))->hook.enabled);
        REQUIRE(run_to_end(p.hooks.test(p.edits(), id, occasion::push)));
        CHECK_FALSE(p.hook(id).enabled);
    }
}

TEST_CASE("what began before a rest or an edit says nothing of the webhook after it") {
    port p;
    auto const id = p.add().hook.id;
    p.let_fail(id, 3);
    p.time.advance(1s);
    for (std::string const version : {"2.0.0", "2.1.0"})
        REQUIRE(p.push(demo_chart("demo", version)));
    auto const both = p.due();
    REQUIRE(both.size() >= 2);
    p.deliver(both[0]);
    p.deliver(both[1]);
    CHECK(p.hook(id).failures == 4);
    p.time.advance(1h);
    auto const stale = p.due().front();
    webhook_changes renamed;
    renamed.name = "ours";
    REQUIRE(run_to_end(p.hooks.edit(p.edits(), id, renamed)));
    p.deliver(stale);
    CHECK(p.hook(id).failures == 0);
}

TEST_CASE("what is sent again has its id, and a failure leaves it as it was") {
    port p;
    auto const id = p.add().hook.id;
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    dispatch(p);
    auto const first = p.all(id).front();
    auto const again = run_to_end(p.hooks.resend(p.edits(), id, first.number)).value();
    CHECK(again.attempts == 2);
    REQUIRE(p.ear.heard.size() == 2);
    CHECK(p.ear.heard[0].id == p.ear.heard[1].id);
    CHECK(p.ear.heard[0].body == p.ear.heard[1].body);
    p.ear.refusals["https://a.example/"] = 1;
    auto const refused = run_to_end(p.hooks.resend(p.edits(), id, first.number)).value();
    CHECK(refused.state == delivery_state::delivered);
    CHECK(refused.error == "answered 503");
    CHECK(p.hook(id).failures == 0);
    CHECK(code_of(run_to_end(p.hooks.resend(p.edits(), id, first.number + 1000))) ==
          errc::not_found);
    auto const other = p.add("https://b.example/").hook.id;
    CHECK(code_of(run_to_end(p.hooks.resend(p.edits(), other, first.number))) == errc::not_found);
}

TEST_CASE("sending again what waits takes none of its attempts, and what was taken stays so") {
    port p;
    auto const id = p.add().hook.id;
    REQUIRE(p.push(demo_chart("demo", "1.0.0")));
    p.ear.refusals["https://a.example/"] = 2;
    auto const due = p.due().at(0);
    CHECK(p.deliver(due) == delivery_outcome::again);
    auto const first = p.all(id).front();
    auto const refused = run_to_end(p.hooks.resend(p.edits(), id, first.number)).value();
    CHECK(refused.state == delivery_state::waiting);
    CHECK(refused.attempts == 1);
    CHECK(run_to_end(p.hooks.resend(p.edits(), id, first.number))->state ==
          delivery_state::delivered);
    // An attempt of the server that was under way all the while.
    p.ear.refusals["https://a.example/"] = 1;
    CHECK(p.deliver(due) == delivery_outcome::delivered);
    CHECK(p.all(id).front().state == delivery_state::delivered);
    CHECK(p.all(id).front().error.empty());
}

TEST_CASE("what came through the deploy API is told with its service, to whoever may see it") {
    port p;
    auto const elsewhere = p.member("mary", storage::role::maintainer);
    auto const cluster = p.cluster("own", storage::place_id(p.project.id));
    auto const done = p.operate(cluster.id);
    storage::environment_record e;
    e.uuid = "00000000-0000-4000-8000-000000000001";
    e.project = p.project.id;
    e.cluster = cluster.id;
    e.name = "staging";
    e.name_space = "shop";
    e = run_to_end(p.stores->environments().create(e)).value();
    storage::service_record s;
    s.uuid = "00000000-0000-4000-8000-000000000002";
    s.environment = e.id;
    s.name = s.release_name = "web";
    s = run_to_end(p.stores->services().create(s)).value();
    storage::deployment_record d;
    d.uuid = "00000000-0000-4000-8000-000000000003";
    d.service = s.id;
    d.operation = done.id;
    REQUIRE(run_to_end(p.stores->deployments().add(d)));
    auto const told_to = [&](storage::webhook_record hook) {
        auto const text = run_to_end(notify::document_of(p.parts, done.id, std::move(hook)));
        return text.empty() ? json::value(nullptr) : json::parse(text).at("data");
    };
    auto const own = told_to(p.add().hook);
    CHECK(own.at("deployment") == json::value(d.uuid));
    CHECK(own.at("service").at("id") == json::value(s.uuid));
    CHECK(own.at("service").at("name") == "web");
    CHECK(own.at("environment").at("id") == json::value(e.uuid));
    CHECK(own.at("environment").at("name") == "staging");
    // Who sees the cluster but not the environment's project.
    storage::project_record hidden;
    hidden.path = "grp/hidden";
    hidden.visibility = storage::visibility::private_;
    hidden = run_to_end(p.stores->projects().create(hidden)).value();
    REQUIRE(run_to_end(p.stores->services().remove(s.id)));
    REQUIRE(run_to_end(p.stores->environments().remove(e.id)));
    e.project = hidden.id;
    e = run_to_end(p.stores->environments().create(e)).value();
    s.environment = e.id;
    s = run_to_end(p.stores->services().create(s)).value();
    d.service = s.id;
    REQUIRE(run_to_end(p.stores->deployments().add(d)));
    auto const of_mary =
        run_to_end(p.hooks.add(p.edits_as(elsewhere), p.at("https://mary.example/")))->hook;
    CHECK(told_to(of_mary).at("deployment").is_null());
    CHECK(told_to(of_mary).at("environment").is_null());
    CHECK(told_to(p.add().hook).at("environment").at("name") == "staging");
    // And what did not come that way.
    auto const plain = p.operate(p.cluster("bare").id);
    auto const text = run_to_end(notify::document_of(p.parts, plain.id, p.add().hook));
    CHECK(json::parse(text).at("data").at("service").is_null());
}

}  // namespace pilothouse::tests::webhooks_test
