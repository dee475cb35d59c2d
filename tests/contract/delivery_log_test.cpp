// The contract of storage::delivery_log, and of the changes that fill it.
#include "storage/webhook_store.hpp"
#include "tests/contract/release_scene.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <vector>

namespace pilothouse::tests::delivery_log_test {

namespace {

using storage::added;
using storage::announcement;
using storage::delivery_record;
using storage::delivery_state;
using storage::occasion;
using storage::webhook_id;
using storage::webhook_record;

template <class Adapter>
struct listeners : opened<Adapter> {
    storage::project_id project = make_project(**this).id;
    int announced = 0;

    webhook_id hook(storage::project_id of, std::vector<occasion> const& on) {
        webhook_record h;
        h.project = of;
        h.url = "https://a.example/";
        auto const told = [&](occasion what) { return std::ranges::find(on, what) != on.end(); };
        h.on_push = told(occasion::push);
        h.on_promotion = told(occasion::promotion);
        h.on_deployment = told(occasion::deployment);
        return wait((*this)->webhooks().create(h)).value().id;
    }
    webhook_id hook(std::vector<occasion> const& on = {occasion::push}) {
        return hook(project, on);
    }
    void switch_off(webhook_id id) {
        storage::record_change<webhook_record> const off = [](webhook_record& h) -> result<void> {
            h.enabled = false;
            return {};
        };
        REQUIRE(wait((*this)->webhooks().edit(project, id, off)));
    }
    result<added> push(int n, std::string const& bytes) {
        storage::adding how = storage::on_duplicate::refuse;
        how.announce = [this](added const& done) {
            ++announced;
            return announcement{occasion::push, done.entry.version, from_nanoseconds(1000)};
        };
        return wait((*this)->catalogue().add(project, "stable", make_entry("tide", n, bytes), how));
    }
    std::vector<delivery_record> all(webhook_id id) {
        return wait((*this)->deliveries().list(id, 0, 10'000));
    }
    delivery_record make(webhook_id id, std::int64_t next,
                         delivery_state state = delivery_state::waiting) {
        delivery_record d;
        d.hook = id;
        d.document = "{}";
        d.created = from_nanoseconds(next);
        d.state = state;
        return wait((*this)->deliveries().add(d)).value();
    }
    std::vector<std::int64_t> due(std::int64_t now, std::size_t of_each = 10,
                                  std::size_t count = 10) {
        std::vector<std::int64_t> numbers;
        for (auto const& d :
             wait((*this)->deliveries().due(from_nanoseconds(now), of_each, count))) {
            CHECK(d.delivery.hook == d.hook.id);
            CHECK(d.hook.url == "https://a.example/");
            numbers.push_back(d.delivery.number);
        }
        return numbers;
    }
};

using numbers = std::vector<std::int64_t>;

template <class T>
errc code_of(result<T> const& r) {
    REQUIRE_FALSE(r);
    return r.error().code;
}

}  // namespace

TEST_CASE_TEMPLATE("A push is told to every webhook that is on and wants it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const first = s.hook(), second = s.hook({occasion::push, occasion::promotion});
    auto const deaf = s.hook({occasion::promotion, occasion::deployment}), off = s.hook();
    auto const elsewhere = s.hook(make_project(*s, "grp/b").id, {occasion::push});
    s.switch_off(off);
    REQUIRE(s.push(1, "one"));
    CHECK(s.announced == 1);
    std::set<std::string> messages;
    for (auto const id : {first, second}) {
        auto const told = s.all(id);
        REQUIRE(told.size() == 1);
        auto const& d = told.front();
        CHECK(d.what == occasion::push);
        CHECK(d.document == "1.1.0");
        CHECK(d.created == from_nanoseconds(1000));
        CHECK(d.next == d.created);
        CHECK(d.state == delivery_state::waiting);
        CHECK(d.attempts == 0);
        CHECK_FALSE(d.test);
        CHECK(d.message.starts_with("msg_"));
        messages.insert(d.message);
    }
    CHECK(messages.size() == 2);
    for (auto const id : {deaf, off, elsewhere}) CHECK(s.all(id).empty());
}

TEST_CASE_TEMPLATE("What changed nothing is told to nobody, and without webhooks nothing is made",
                   Adapter, PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    REQUIRE(s.push(1, "one"));
    CHECK(s.announced == 0);
    auto const id = s.hook();
    CHECK(s.push(1, "one")->what == added::outcome::unchanged);
    CHECK(code_of(s.push(1, "other")) == errc::conflict);
    CHECK(s.all(id).empty());
    CHECK(s.announced == 0);
}

TEST_CASE_TEMPLATE("A promotion is told to the webhooks of its target", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    REQUIRE(s.push(1, "one"));
    auto const target = make_project(*s, "grp/b").id;
    auto const here = s.hook({occasion::promotion});
    auto const there = s.hook(target, {occasion::promotion});
    storage::copy_request copy;
    copy.from = s.project;
    copy.from_channel = "stable";
    copy.to = target;
    copy.to_channel = "proven";
    copy.items.push_back({{make_entry("tide", 1, "one").file_name, sha256("one")}});
    copy.announce = [](std::vector<added> const& done) {
        return announcement{occasion::promotion, std::to_string(done.size()), from_nanoseconds(5)};
    };
    REQUIRE(wait(s->curator().copy(copy)));
    REQUIRE(wait(s->curator().copy(copy)));  // changes nothing any more
    CHECK(s.all(here).empty());
    REQUIRE(s.all(there).size() == 1);
    CHECK(s.all(there).front().document == "1");
    CHECK(s.all(there).front().what == occasion::promotion);
}

TEST_CASE_TEMPLATE("An operation's end is told to its chart's project and its cluster's", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    storage::cluster_record c;
    c.name = "prod";
    c.owner = s.project;
    auto const cluster = wait(s->clusters().create(c)).value().id;
    auto const charts = make_project(*s, "grp/charts").id, other = make_project(*s, "grp/x").id;
    auto const of_cluster = s.hook({occasion::deployment});
    auto const of_charts = s.hook(charts, {occasion::deployment});
    auto const deaf = s.hook(charts, {occasion::push});
    auto const of_other = s.hook(other, {occasion::deployment});
    auto wanted = install_of(cluster);
    wanted.operation.source->project = wanted.release.source.project = charts;
    auto const begun = begin(*s, wanted);
    CHECK(s.all(of_cluster).empty());
    REQUIRE(wait(s->operations().claim({})));
    REQUIRE(wait(s->operations().finish(begun.operation.id, deployed())));
    // One that never ran, and whose chart is the release's.
    auto const next = begin(*s, change_of(begun.release.id, storage::operation_kind::uninstall));
    REQUIRE(wait(s->operations().cancel(next.operation.id)));
    for (auto const id : {of_cluster, of_charts}) {
        auto const told = s.all(id);
        REQUIRE(told.size() == 2);
        CHECK(told[0].operation == next.operation.id);
        CHECK(told[1].operation == begun.operation.id);
        CHECK(told[1].what == occasion::deployment);
        CHECK(told[1].document.empty());
    }
    CHECK(s.all(deaf).empty());
    CHECK(s.all(of_other).empty());
}

TEST_CASE("Deliveries are there after a restart") {
    listeners<folder_adapter> s;
    auto const id = s.hook();
    REQUIRE(s.push(1, "one"));
    auto const before = s.all(id);
    s.reopen();
    auto const after = s.all(id);
    REQUIRE(after.size() == 1);
    CHECK(after.front().message == before.front().message);
    CHECK(s.due(1000) == numbers{before.front().number});
}

TEST_CASE_TEMPLATE("Due is what waits for its time, of each webhook the first", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const one = s.hook(), other = s.hook(), off = s.hook();
    auto const a3 = s.make(one, 3).number, a1 = s.make(one, 1).number, a2 = s.make(one, 2).number;
    auto const b4 = s.make(other, 4).number;
    auto const c1 = s.make(off, 1).number;
    s.switch_off(off);
    CHECK(c1 > 0);
    CHECK(s.due(0).empty());
    CHECK(s.due(1) == numbers{a1});
    CHECK(s.due(9) == numbers{a1, a2, a3, b4});
    CHECK(s.due(9, 2) == numbers{a1, a2, b4});
    CHECK(s.due(9, 1) == numbers{a1, b4});
    CHECK(s.due(9, 10, 2) == numbers{a1, a2});
    CHECK(wait(s->deliveries().count_waiting()) == 4);
}

TEST_CASE_TEMPLATE("What waits for a webhook that is switched off has failed, and says so", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const off = s.hook(), on = s.hook();
    s.make(off, 1, delivery_state::delivered);
    auto const waiting = s.make(off, 2).number;
    s.make(on, 2);
    for (std::size_t i = 0; i < storage::deliveries_kept_max; ++i) s.make(off, 3);
    s.switch_off(off);
    auto const all = s.all(off);
    REQUIRE(all.size() == storage::deliveries_kept_max);  // as of all that has ended
    CHECK(all.back().number > waiting);
    for (auto const& d : all) {
        CHECK(d.state == delivery_state::failed);
        CHECK(d.error == "not sent: the webhook was switched off");
    }
    CHECK(s.all(on).front().state == delivery_state::waiting);
}

TEST_CASE_TEMPLATE("Nothing is due for a webhook that rests", Adapter, PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const id = s.hook();
    auto const waiting = s.make(id, 1).number;
    storage::record_change<webhook_record> const rest = [](webhook_record& h) -> result<void> {
        h.failures = 4;
        h.disabled_until = from_nanoseconds(50);
        return {};
    };
    REQUIRE(wait(s->webhooks().edit(s.project, id, rest)));
    auto const kept = wait(s->webhooks().find(s.project, id)).value();
    CHECK(kept.failures == 4);
    CHECK(kept.disabled_until == from_nanoseconds(50));
    CHECK(s.due(49).empty());
    CHECK(s.due(50) == numbers{waiting});
    REQUIRE(s.push(1, "one"));  // it is told of what happens meanwhile, later
    CHECK(s.all(id).front().state == delivery_state::waiting);
}

TEST_CASE_TEMPLATE("A delivery is found at its own webhook alone", Adapter, PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const id = s.hook(), other = s.hook();
    auto const made = s.make(id, 1);
    CHECK(wait(s->deliveries().find(id, made.number))->message == made.message);
    CHECK(code_of(wait(s->deliveries().find(other, made.number))) == errc::not_found);
    CHECK(code_of(wait(s->deliveries().find(id, 4711))) == errc::not_found);
}

TEST_CASE_TEMPLATE("What is noted of a delivery stands, but for what names it", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    using namespace std::chrono_literals;
    listeners<Adapter> s;
    auto const id = s.hook();
    auto const made = s.make(id, 1);
    storage::record_change<delivery_record> const change = [](delivery_record& d) -> result<void> {
        d.number = d.hook.value = 4711;
        d.message = "msg_other";
        d.what = occasion::deployment;
        d.created = from_nanoseconds(99);
        d.document = "{\"a\":1}";
        d.next = from_nanoseconds(7);
        d.attempts = 3;
        d.status = 503;
        d.duration = 25ms;
        d.error = "answered 503";
        return {};
    };
    REQUIRE(wait(s->deliveries().note(made.number, change)));
    auto const d = s.all(id).front();
    CHECK(d.number == made.number);
    CHECK(d.message == made.message);
    CHECK(d.what == occasion::push);
    CHECK(d.created == made.created);
    CHECK(d.document == "{\"a\":1}");
    CHECK(d.next == from_nanoseconds(7));
    CHECK(d.attempts == 3);
    CHECK(d.status == 503);
    CHECK(d.duration == 25ms);
    CHECK(d.error == "answered 503");
    CHECK(s.due(6).empty());
    CHECK(s.due(7) == numbers{made.number});
    CHECK(code_of(wait(s->deliveries().note(4711, change))) == errc::not_found);
    CHECK(wait(s->deliveries().remove(made.number)));
    CHECK(code_of(wait(s->deliveries().remove(made.number))) == errc::not_found);
    CHECK(s.all(id).empty());
}

TEST_CASE_TEMPLATE("Of what has ended the newest are kept, and all that waits", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const id = s.hook(), other = s.hook();
    s.make(other, 1, delivery_state::failed);
    auto const waiting = s.make(id, 1).number;
    for (std::size_t i = 0; i < storage::deliveries_kept_max + 3; ++i)
        s.make(id, 2, i % 2 == 0 ? delivery_state::failed : delivery_state::delivered);
    auto const all = s.all(id);
    REQUIRE(all.size() == storage::deliveries_kept_max + 1);
    CHECK(all.back().number == waiting);
    CHECK(all[0].number > all[1].number);
    CHECK(all[all.size() - 2].number == waiting + 4);
    CHECK(s.all(other).size() == 1);
    auto const page = wait(s->deliveries().list(id, 2, 3));
    REQUIRE(page.size() == 3);
    CHECK(page[0].number == all[2].number);
    REQUIRE(wait(s->webhooks().remove(s.project, id)));
    CHECK(s.all(id).empty());
    CHECK(wait(s->deliveries().count_waiting()) == 0);
}

TEST_CASE_TEMPLATE("Where too many wait, the next has failed at once, and says so", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    listeners<Adapter> s;
    auto const id = s.hook(), other = s.hook();
    for (std::size_t i = 0; i < storage::deliveries_waiting_max; ++i) s.make(id, 1);
    REQUIRE(s.push(1, "one"));
    auto const last = s.all(id).front();
    CHECK(last.state == delivery_state::failed);
    CHECK(last.error.find("1000") != std::string::npos);
    CHECK(s.all(other).front().state == delivery_state::waiting);
    CHECK(wait(s->deliveries().count_waiting()) == storage::deliveries_waiting_max + 1);
}

TEST_CASE_TEMPLATE("A delivery to nobody is none", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    delivery_record d;
    d.hook = {4711};
    CHECK(code_of(wait(stores->deliveries().add(d))) == errc::not_found);
}

}  // namespace pilothouse::tests::delivery_log_test
