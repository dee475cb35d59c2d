// What is refused, with which code, and what is looked at first (contracts: releases 1.5); each by
// either door.
#include "tests/integration/grpc/caller.hpp"

#include <algorithm>

namespace pilothouse::tests::refusals_test {

namespace {

std::string const no_such_release = "r" + std::string(19, '0');
std::string const no_such_operation = "o" + std::string(19, '0');

struct fixture : manned_house {
    std::string version = product_version();

    storage::user_record user_with(std::string name, storage::role as) {
        auto const u = add_user(std::move(name));
        let(u, cluster, as);
        let_read_charts(u);
        return u;
    }
    // One that hangs until it is cancelled, on a release of this name; its operation.
    Operation hanging(std::string const& name) {
        scripted_run run;
        run.hangs = true;
        helm.script.push_back(run);
        return caller(*this, door::grpc, token).install(version, {{"applicationName", name}}).reply;
    }
    // By either door, what `ask` asks is answered with this code.
    template <class Ask>
    void answered(int code, std::string const& who, Ask ask) {
        for (auto const way : both_doors) {
            CAPTURE(static_cast<int>(way));
            caller c(*this, way, who);
            auto const t = ask(c);
            CAPTURE(t.message);
            CHECK(t.code == code);
            CHECK((code == 0 || !t.message.empty()));
        }
    }
    // All seven methods, of these things.
    void all_answered(int code, std::string const& who, std::string const& release,
                      std::string const& operation) {
        answered(code, who, [](caller& c) { return c.list(); });
        answered(code, who, [&](caller& c) { return c.get(release); });
        answered(code, who, [&](caller& c) { return c.follow(operation); });
        all_changes_answered(code, who, release, operation);
    }
    void all_changes_answered(int code, std::string const& who, std::string const& release,
                              std::string const& operation) {
        answered(code, who, [&](caller& c) { return c.install(version); });
        answered(code, who, [&](caller& c) { return c.update(release); });
        answered(code, who, [&](caller& c) { return c.uninstall(release); });
        answered(code, who, [&](caller& c) { return c.cancel(operation); });
    }
    void refused_values(value_pairs const& values) {
        auto const before = run_to_end(stores->operations().count()).queued;
        answered(3, token, [&](caller& c) { return c.install(version, values); });
        CHECK(run_to_end(stores->operations().count()).queued == before);
    }
};

value_pairs many(std::size_t count, std::size_t bytes) {
    value_pairs all;
    for (std::size_t i = 0; i < count; ++i)
        all.emplace_back("k" + std::to_string(i), std::string(bytes, 'x'));
    return all;
}

}  // namespace

TEST_CASE_FIXTURE(fixture, "without a token that is good now nothing is answered") {
    auto const begun = caller(*this, door::grpc, token).install(version).reply;
    auto const ended = add_token(skipper, {"api"}, time.now() - std::chrono::seconds(1));
    auto const revoked = add_token(skipper);
    CHECK(caller(*this, door::grpc, revoked).list().code == 0);
    revoke(revoked);
    for (auto const& bad : {std::string(), std::string("nonsense"), token + "x", ended, revoked}) {
        CAPTURE(bad);
        all_answered(16, bad, release_in(begun), begun.id());
    }
}

TEST_CASE_FIXTURE(fixture, "who has no right in the cluster is denied, who only sees it may look") {
    auto const begun = caller(*this, door::grpc, token).install(version).reply;
    auto const id = release_in(begun);
    auto const stranger = add_token(add_user("stranger"));
    all_answered(7, stranger, id, begun.id());

    auto const watch = user_with("watch", storage::role::reporter);
    for (auto const& sees : {add_token(watch), add_token(skipper, {"read_api"})}) {
        answered(0, sees, [](caller& c) { return c.list(); });
        answered(0, sees, [&](caller& c) { return c.get(id); });
        answered(0, sees, [&](caller& c) { return c.follow(begun.id()); });
        all_changes_answered(7, sees, id, begun.id());
    }
    // Who may use the cluster and not read the chart learns nothing of its versions.
    auto const mate = add_user("mate");
    let(mate, cluster, storage::role::developer);
    answered(5, add_token(mate), [&](caller& c) { return c.install(version); });
}

TEST_CASE_FIXTURE(fixture, "what is not there is not found") {
    answered(5, token, [&](caller& c) { return c.list(0, "", "nowhere"); });
    answered(5, token, [&](caller& c) { return c.install(version, {}, "nowhere"); });
    answered(5, token, [](caller& c) { return c.install("pv999999"); });
    answered(5, token, [](caller& c) { return c.install("grp/p/stable/demo@9.9.9"); });
    answered(5, token, [](caller& c) { return c.get(no_such_release); });
    answered(5, token, [](caller& c) { return c.update(no_such_release); });
    answered(5, token, [](caller& c) { return c.uninstall(no_such_release); });
    answered(5, token, [](caller& c) { return c.follow(no_such_operation); });
    answered(5, token, [](caller& c) { return c.cancel(no_such_operation); });
    answered(3, token, [](caller& c) { return c.install("demo"); });
    answered(3, token, [](caller& c) { return c.install(""); });
}

TEST_CASE_FIXTURE(fixture, "names and namespaces are judged before anything is queued") {
    for (auto const& bad : {std::string("-a"), std::string("A"), std::string("a_b"),
                            std::string("a..b"), std::string(54, 'a'), std::string("\"\"")})
        refused_values({{"applicationName", bad}});
    for (auto const& bad :
         {std::string("a.b"), std::string("A"), std::string(64, 'a'), std::string("kube-system")})
        refused_values({{"namespace", bad}});
    answered(0, token, [n = 0, this](caller& c) mutable {
        return c.install(version,
                         {{"applicationName", "a." + std::string(50, 'b') + std::to_string(n++)},
                          {"namespace", std::string(63, 'a')}});
    });
}

TEST_CASE_FIXTURE(fixture, "values are judged before anything is queued, and never quoted") {
    refused_values(many(257, 1));
    refused_values({{std::string(513, 'k'), "1"}});
    refused_values({{"a", std::string(64 * 1024 + 1, 'x')}});
    refused_values(many(9, 60 * 1024));
    refused_values({{"a", "1"}, {"a.b", "2"}});
    refused_values({{"a", "1"}, {"a", "2"}});
    refused_values({{"", "1"}});
    refused_values({{"a..b", "1"}});
    refused_values({{"a[1001]", "1"}});
    std::string deep = "a";
    for (int i = 0; i < 20; ++i) deep += ".a";
    refused_values({{deep, "1"}});
    for (auto const way : both_doors) {
        caller c(*this, way, token);
        auto const said = c.install(version, {{"a", planted}, {"a.b", planted}}).message;
        CHECK(said.find("a.b") != std::string::npos);
        CHECK(said.find(planted) == std::string::npos);
    }
    // As many as may be are taken.
    answered(0, token, [n = 0, this](caller& c) mutable {
        auto values = many(255, 1024);
        values.emplace_back("applicationName", "full" + std::to_string(n++));
        return c.install(version, values);
    });
}

TEST_CASE_FIXTURE(fixture, "a chart that cannot be installed is refused") {
    auto const publish = [&](std::string name, std::string more) {
        storage::catalogue_entry e;
        e.chart = std::move(name);
        e.version = "1.0.0";
        e.file_name = e.chart + "-1.0.0.tgz";
        e.fragment = R"({"name":")" + e.chart + R"(","version":"1.0.0",)" + more + "}";
        REQUIRE(run_to_end(
            stores->catalogue().add(project.id, "stable", e, storage::on_duplicate::refuse)));
    };
    publish("lib", R"("type":"library")");
    publish("old", R"("deprecated":true)");
    parts.limits.deprecated_charts = false;
    answered(9, token, [&](caller& c) { return c.install(product_version("lib")); });
    answered(9, token, [&](caller& c) { return c.install(product_version("old")); });
    helm.offline = failure(errc::invalid_argument, "values don't meet the specifications of …");
    answered(3, token, [&](caller& c) { return c.install(version); });
    helm.offline.reset();
    helm.no_helm = failure(errc::unavailable, "there is no helm");
    answered(14, token, [&](caller& c) { return c.install(version); });
}

TEST_CASE_FIXTURE(fixture, "a name that a live release has is taken, until that is uninstalled") {
    work();
    caller who(*this, door::grpc, token);
    auto const first = who.install(version).reply;
    answered(6, token, [&](caller& c) { return c.install(version); });
    who.follow_to_end(first.id());
    answered(6, token, [&](caller& c) { return c.install(version); });
    CHECK(who.install(version, {{"namespace", "other"}}).code == 0);
    who.follow_to_end(who.uninstall(release_in(first)).reply.id());
    CHECK(who.install(version).code == 0);
}

TEST_CASE_FIXTURE(fixture, "a release that is busy is refused in the words that clients read") {
    work();
    auto const running = hanging("shop");
    auto const id = release_in(running);
    for (auto const way : both_doors) {
        caller who(*this, way, token);
        for (auto const& refused : {who.update(id), who.uninstall(id)}) {
            CHECK(refused.code == 9);
            CHECK(refused.message == "conflicting operation \"" + running.id() + "\" detected");
        }
        CHECK(who.follow(running.id()).code == 0);
    }
    caller who(*this, door::grpc, token);
    who.cancel(running.id());
    who.follow_to_end(running.id());
    CHECK(who.update(id, version, {{"a", "1"}}).code == 0);
}

TEST_CASE_FIXTURE(fixture, "an update keeps the chart, the name and the namespace") {
    REQUIRE(push(demo_chart("other", "1.0.0")));
    work();
    caller who(*this, door::grpc, token);
    auto const installed = who.install(version).reply;
    who.follow_to_end(installed.id());
    auto const id = release_in(installed);
    answered(3, token, [&](caller& c) { return c.update(id, product_version("other")); });
    answered(3, token, [&](caller& c) { return c.update(id, "", {{"applicationName", "b"}}); });
    answered(3, token, [&](caller& c) { return c.update(id, "", {{"namespace", "b"}}); });
    answered(5, token, [&](caller& c) { return c.update(id, "pv999999"); });
    // Without a version it stays what it is.
    auto const kept = who.follow_to_end(who.update(id, "", {{"namespace", "default"}}).reply.id());
    CHECK(kept.has_response());
    CHECK(who.get(id).reply.product_version() == version);
}

TEST_CASE_FIXTURE(fixture, "a release that was uninstalled is gone for every method") {
    work();
    caller who(*this, door::grpc, token);
    auto const installed = who.install(version).reply;
    who.follow_to_end(installed.id());
    auto const id = release_in(installed);
    auto const gone = who.uninstall(id).reply;
    who.follow_to_end(gone.id());
    answered(5, token, [&](caller& c) { return c.get(id); });
    answered(5, token, [&](caller& c) { return c.update(id); });
    answered(5, token, [&](caller& c) { return c.uninstall(id); });
    answered(0, token, [&](caller& c) { return c.follow(gone.id()); });
    CHECK(who.list().reply.helm_releases_size() == 0);
    // Whoever could not see it does not learn that it was there.
    auto const stranger = add_token(add_user("stranger"));
    answered(7, stranger, [&](caller& c) { return c.get(id); });
    answered(7, stranger, [&](caller& c) { return c.uninstall(id); });
}

TEST_CASE_FIXTURE(fixture, "a queue that is full, of all or of one caller's, says to come again") {
    auto const install = [&](std::string name) {
        return [this, name](caller& c) { return c.install(version, {{"applicationName", name}}); };
    };
    parts.limits.waiting_of_caller = 1;
    CHECK(install("a")(*std::make_unique<caller>(*this, door::grpc, token)).code == 0);
    answered(14, token, install("b"));
    auto const mate = add_token(user_with("mate", storage::role::developer));
    parts.limits.waiting = 1;
    answered(14, mate, install("c"));
    parts.limits.waiting = 2;
    CHECK(install("d")(*std::make_unique<caller>(*this, door::grpc, mate)).code == 0);
}

TEST_CASE_FIXTURE(fixture, "a server that stops says to come again") {
    caller before(*this, door::grpc, token);
    CHECK(before.install(version).code == 0);
    server->stop();
    CHECK(before.list().code == 14);
    CHECK(caller(*this, door::grpc, token).list().code == 14);
}

TEST_CASE_FIXTURE(fixture,
                  "first who asks, then what, then whether he may, then whether it is so") {
    work();
    auto const busy = hanging("shop");
    auto const id = release_in(busy);
    auto const stranger = add_token(add_user("stranger"));
    // Shape before identity is told to nobody, shape before right to everybody.
    answered(16, "", [](caller& c) { return c.list(-1); });
    answered(16, "", [](caller& c) { return c.install(""); });
    answered(3, stranger, [](caller& c) { return c.list(-1); });
    answered(3, stranger, [](caller& c) { return c.install(""); });
    answered(3, stranger, [&](caller& c) { return c.update(id, "", {{"", "1"}}); });
    // Right before what there is, and that before its state.
    answered(7, stranger, [](caller& c) { return c.install("pv999999"); });
    answered(7, stranger, [&](caller& c) { return c.uninstall(id); });
    answered(5, token, [&](caller& c) { return c.update(id, "pv999999"); });
    answered(9, token, [&](caller& c) { return c.update(id, version); });
    caller(*this, door::grpc, token).cancel(busy.id());
}

}  // namespace pilothouse::tests::refusals_test
