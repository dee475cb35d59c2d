// What is asked for is judged before it is queued, and queued durably.
#include "release/judge_chart.hpp"
#include "release/redaction.hpp"

#include "tests/support/chart_builder.hpp"
#include "tests/use_cases/release/yard.hpp"

#include <algorithm>
#include <initializer_list>
#include <limits>

namespace pilothouse::tests::requests_test {

using auth::permission;
using storage::operation_kind;
using storage::operation_state;

namespace {

std::shared_ptr<auth::principal const> local() { return auth::local_operator(); }

errc code_of(result<storage::begun> const& answer) {
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

}  // namespace

TEST_CASE("a version is named by its id, or readably") {
    yard y;
    y.push_demo("1.0.0");
    y.push_demo("1.1.0-rc.1");
    y.push_demo("0.9.0");
    auto const find = [&](std::string reference) {
        return run_to_end(release::find_product(y.parts, local(), std::move(reference)));
    };
    auto const newest = find("grp/p/stable/demo");
    REQUIRE(newest);
    CHECK(newest->source.version == "1.0.0");
    CHECK(newest->source.reference == "grp/p/stable/demo");
    CHECK(newest->source.project_path == "grp/p");
    CHECK(newest->source.channel == "stable");
    CHECK(newest->source.product == release::product_of(y.project.id, "demo"));
    auto const id = release::product_version_of(newest->entry.id);
    CHECK(find(id)->source.archive == newest->source.archive);
    CHECK(find(id)->source.reference == id);
    CHECK(find("GRP/P/stable/demo@1.1.0-rc.1")->source.version == "1.1.0-rc.1");
    for (auto const* const unknown : {"grp/p/stable/demo@2.0.0", "grp/p/edge/demo",
                                      "grp/p/stable/other", "pv999999", "grp/q/stable/demo"})
        CHECK_MESSAGE(find(unknown).error().code == errc::not_found, unknown);
    for (auto const* const bad :
         {"", "demo", "stable/demo", "p/stable/demo", "pv", "pv0", "pv01", "pv-1", "pv1x",
          "grp/p/stable/demo@", "grp/p/stable/@1.0.0", "grp/p/sta ble/demo",
          "pv9999999999999999999", "grp/p/stable/demo@../x"})
        CHECK_MESSAGE(find(bad).error().code == errc::invalid_argument, bad);
    auto const anonymous =
        run_to_end(release::find_product(y.parts, auth::anonymous(), "pv999999"));
    CHECK(anonymous.error().code == errc::unauthenticated);
}

TEST_CASE("a yanked version is named by its id alone") {
    yard y;
    y.push_demo();
    auto const id = release::product_version_of(
        run_to_end(release::find_product(y.parts, local(), "grp/p/stable/demo"))->entry.id);
    y.yank_demo();
    CHECK(run_to_end(release::find_product(y.parts, local(), "grp/p/stable/demo@1.0.0"))
              .error()
              .code == errc::not_found);
    CHECK(run_to_end(release::find_product(y.parts, local(), id)));
}

TEST_CASE("an installation is queued, told and audited, and its values are sealed") {
    yard y;
    y.push_demo();
    auto const begun = y.install();
    REQUIRE(begun);
    CHECK(y.wakes == 1);
    auto const o = y.operation(begun->operation.id);
    CHECK(o.state == operation_state::queued);
    CHECK(o.kind == operation_kind::install);
    CHECK(o.description == "Install demo 1.0.0 as web/shop");
    CHECK(o.by_name == "command line");
    auto const r = y.release_of(o.release);
    CHECK(r.status == release::release_status::pending_install);
    CHECK(r.name == "shop");
    CHECK(r.name_space == "web");
    CHECK(r.source.reference == "grp/p/stable/demo@1.0.0");
    auto const told = y.events(o.id);
    REQUIRE(told.size() == 1);
    CHECK(told[0].what == "queued");
    auto const noted =
        run_to_end(y.stores->audit().list({}, 0, std::numeric_limits<std::size_t>::max()));
    CHECK(noted.front().what == "release_install_requested");
    CHECK(noted.front().kind == "Release");
    CHECK(noted.front().name == "dev/web/shop");
    auto const kept = run_to_end(y.stores->operations().reclaim(o.id)).value();
    CHECK(kept.sealed_values.find(planted) == std::string::npos);
    auto const opened = y.keys.open(kept.sealed_values, release::values_purpose("dev/web/shop"));
    CHECK(opened->reveal() == R"({"db":{"password":"pl4nted-5ecret"}})");
}

TEST_CASE("names come of the request, of the reserved values, or of the chart") {
    yard y;
    y.push_demo();
    auto wanted = yard::installation();
    wanted.name.clear();
    wanted.name_space.clear();
    CHECK(y.install(wanted)->release.name == "demo");
    CHECK(y.found(y.install([&] {
                       auto w = wanted;
                       w.values.pairs.push_back({"applicationName", secret("other")});
                       w.values.pairs.push_back({"namespace", secret("\"there\"")});
                       return w;
                   }())
                      ->release.id)
              ->name_space == "there");
    auto two = yard::installation();
    two.values.pairs.push_back({"applicationName", secret("other")});
    CHECK(code_of(y.install(two)) == errc::invalid_argument);
}

TEST_CASE("what cannot be installed is refused before it is queued") {
    yard y;
    y.push_demo();
    auto const refused = [&](errc code, auto change) {
        auto wanted = yard::installation();
        change(wanted);
        auto const answer = y.install(wanted);
        CHECK(code_of(answer) == code);
        CHECK(answer.error().detail.find(planted) == std::string::npos);
    };
    using request = release::install_request;
    refused(errc::invalid_argument, [](request& w) { w.name = "--help"; });
    refused(errc::invalid_argument, [](request& w) { w.name = std::string(54, 'a'); });
    refused(errc::invalid_argument, [](request& w) { w.name_space = "a.b"; });
    refused(errc::invalid_argument, [](request& w) { w.name_space = "kube-system"; });
    refused(errc::invalid_argument, [](request& w) { w.version = "demo"; });
    refused(errc::not_found, [](request& w) { w.version = "grp/p/stable/demo@9.9.9"; });
    refused(errc::invalid_argument, [](request& w) { w.options.timeout = std::chrono::hours(2); });
    refused(errc::invalid_argument,
            [](request& w) { w.options.timeout = std::chrono::seconds(-1); });
    refused(errc::invalid_argument,
            [](request& w) { w.values.pairs.push_back({"db.password", secret(planted)}); });
    refused(errc::invalid_argument,
            [](request& w) { w.once = release::request_key{"Install", std::string(129, 'x')}; });
    y.helm.offline = failure(errc::invalid_argument, "values don't meet the specifications of …");
    refused(errc::invalid_argument, [](request&) {});
    y.helm.offline = failure(errc::wrong_state, "the schema refers to http://…");
    refused(errc::wrong_state, [](request&) {});
    y.helm.offline = failure(errc::timed_out, "the chart does not come to an end");
    refused(errc::timed_out, [](request&) {});
    y.helm.offline.reset();
    y.helm.no_helm = failure(errc::unavailable, "there is no helm");
    refused(errc::unavailable, [](request&) {});
    CHECK(run_to_end(y.stores->operations().count()).queued == 0);
    CHECK(std::filesystem::is_empty(y.parts.folder));
}

TEST_CASE("what a chart says without its cluster is not the last word") {
    yard y;
    y.push_demo();
    y.helm.offline = failure(errc::invalid_argument, "execution error at demo: no such API here");
    CHECK(y.install());
    y.helm.offline = failure(errc::wrong_state, "chart requires kubeVersion: >=1.99");
    auto wanted = yard::installation();
    wanted.name = "second";
    CHECK(y.install(wanted));
}

TEST_CASE("library charts are refused, deprecated ones by setting") {
    yard y;
    y.add_line("lib", R"("type":"library")");
    y.add_line("old", R"("deprecated":true)");
    auto wanted = yard::installation();
    wanted.version = "grp/p/stable/lib@1.0.0";
    CHECK(code_of(y.install(wanted)) == errc::wrong_state);
    wanted.version = "grp/p/stable/old@1.0.0";
    y.parts.limits.deprecated_charts = false;
    CHECK(code_of(y.install(wanted)) == errc::wrong_state);
}

TEST_CASE("a kubeVersion fits as Helm reads it, whatever a cluster's maker adds to its version") {
    struct row {
        char const *wanted, *there;
        bool fits;
    };
    for (auto const& [wanted, there, fits] : std::initializer_list<row>{
             {">=1.22.0", "v1.33.13", true},
             {">=1.22.0-0", "v1.33.13", true},
             {">=1.99", "v1.33.13", false},
             {"<1.30 || >=1.33", "v1.33.13", true},
             {"1.20.x - 1.32.x", "v1.33.13", false},
             {"^1.20", "v1.33.13", true},
             {"~1.33.0", "v1.33.13", true},
             {">=1.30.0", "v1.30.2-gke.1587003", true},
             {">=1.30.0-0", "v1.30.2-gke.1587003", true},
             {">=1.31.0-0", "v1.30.2-gke.1587003", false},
             {">=1.31.0-0", "v1.31.0-alpha.1", true},
             {">=1.30.0", "v1.30.2+k3s1", true},
             {"banana", "v1.33.13", false},
             {">=1.99", "who knows", true},
         })
        CHECK_MESSAGE(release::fits_cluster(wanted, there) == fits, wanted, " in ", there);
}

TEST_CASE("a chart for another Kubernetes is refused before it is queued, if the cluster says so") {
    yard y;
    y.parts.looks = &y.looks;
    auto const fitting = y.add_chart("fitting", R"("kubeVersion":">=1.22.0-0")");
    auto const modern = y.add_chart("modern", R"("kubeVersion":">=1.99.0-0")");
    auto wanted = yard::installation();
    wanted.version = modern;
    y.looks.version_now = "v1.33.13";
    auto const refused = y.install(wanted);
    CHECK(code_of(refused) == errc::wrong_state);
    CHECK(refused.error().detail ==
          "the chart's kubeVersion is \">=1.99.0-0\", and the cluster has v1.33.13");
    CHECK(y.looks.versions_asked == 1);
    CHECK(run_to_end(y.stores->operations().count()).queued == 0);

    wanted.version = fitting;
    CHECK(y.install(wanted));
    wanted.version = modern;
    wanted.name = "second";
    y.looks.version_now = failure(errc::unavailable, "it says nothing");
    auto const begun = y.install(wanted);
    REQUIRE(begun);
    CHECK_FALSE(y.finish(begun->operation.id).error);

    y.looks.version_now = "v1.33.13";
    release::update_request update;
    update.release = begun->release.id;
    update.version = modern;
    CHECK(code_of(run_to_end(y.change.update(y.use(), update))) == errc::wrong_state);
    auto const asked = y.looks.versions_asked;
    y.push_demo();
    wanted.version = "grp/p/stable/demo@1.0.0";
    wanted.name = "third";
    CHECK(y.install(wanted));
    CHECK(y.looks.versions_asked == asked);
}

TEST_CASE("a request with the same key is the same operation, another one under it is refused") {
    yard y;
    y.push_demo();
    auto wanted = yard::installation();
    wanted.once = release::request_key{"Install", "key-1"};
    auto const first = y.install(wanted);
    REQUIRE(first);
    auto const again = y.install(wanted);
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->operation.id == first->operation.id);
    CHECK(y.wakes == 1);
    auto other = wanted;
    other.values.pairs[0].text = secret("another one");
    CHECK(code_of(y.install(other)) == errc::invalid_argument);
    CHECK_FALSE(y.finish(first->operation.id).error);
    CHECK(y.install(wanted)->operation.id == first->operation.id);
    CHECK(y.history().size() == 1);
}

TEST_CASE("an installation that is sent again is the same operation, though its version is gone") {
    yard y;
    y.push_demo();
    auto wanted = yard::installation();
    wanted.once = release::request_key{"Install", "key-1"};
    auto const first = y.install(wanted);
    REQUIRE(first);
    y.yank_demo();
    y.helm.no_helm = failure(errc::unavailable, "there is no helm");
    auto const again = y.install(wanted);
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->operation.id == first->operation.id);
    auto other = wanted;
    other.name = "another";
    CHECK(code_of(y.install(other)) == errc::invalid_argument);
    other.once->key = "key-2";
    CHECK(code_of(y.install(other)) == errc::not_found);
    y.add_cluster("prod");
    CHECK(code_of(run_to_end(y.change.install(y.use("prod"), wanted))) == errc::invalid_argument);
}

TEST_CASE("an update or rollback that is sent again is the same operation, whatever came after") {
    yard y;
    auto const r = y.installed();
    y.push_demo("1.1.0");
    release::update_request wanted;
    wanted.release = r.id;
    wanted.version = "grp/p/stable/demo@1.1.0";
    wanted.once = release::request_key{"Update", "key-1"};
    auto const first = run_to_end(y.change.update(y.use(), wanted));
    REQUIRE(first);
    CHECK_FALSE(y.finish(first->operation.id).error);
    release::rollback_request back;
    back.release = r.id;
    back.once = release::request_key{"Rollback", "key-1"};
    auto const second = run_to_end(y.change.rollback(y.use(), back));
    REQUIRE(second);
    CHECK_FALSE(y.finish(second->operation.id).error);
    y.yank_demo("1.1.0");
    auto const removed = y.uninstall(r.id);
    REQUIRE(removed);
    CHECK_FALSE(y.finish(removed->operation.id).error);

    auto const again = run_to_end(y.change.update(y.use(), wanted));
    REQUIRE(again);
    CHECK(again->operation.id == first->operation.id);
    CHECK(run_to_end(y.change.rollback(y.use(), back))->operation.id == second->operation.id);
    back.revision = 1;
    CHECK(code_of(run_to_end(y.change.rollback(y.use(), back))) == errc::invalid_argument);
    y.add_cluster("prod");
    CHECK(code_of(run_to_end(y.change.update(y.use("prod"), wanted))) == errc::not_found);
    wanted.once.reset();
    CHECK(code_of(run_to_end(y.change.update(y.use(), wanted))) == errc::not_found);
}

TEST_CASE("an uninstall that is sent again is the same operation, though its release is gone") {
    yard y;
    auto const r = y.installed();
    release::release_request wanted;
    wanted.release = r.id;
    wanted.once = release::request_key{"Uninstall", "key-1"};
    auto const first = run_to_end(y.change.uninstall(y.use(), wanted));
    REQUIRE(first);
    CHECK_FALSE(y.finish(first->operation.id).error);
    REQUIRE_FALSE(y.found(r.id));
    auto const operators = auth::local_operator();
    auto const g =
        run_to_end(y.access_to.to_release(operators, auth::permission::use_cluster, r.id));
    REQUIRE(g);
    auto const again = run_to_end(y.change.uninstall(*g, wanted));
    REQUIRE(again);
    CHECK(again->repeated);
    CHECK(again->operation.id == first->operation.id);
    auto other = wanted;
    other.options.skip_hooks = true;
    CHECK(code_of(run_to_end(y.change.uninstall(*g, other))) == errc::invalid_argument);
    other.once->key = "key-2";
    CHECK(code_of(run_to_end(y.change.uninstall(*g, other))) == errc::not_found);
    y.add_cluster("other");
    CHECK(code_of(run_to_end(y.change.uninstall(y.use("other"), wanted))) == errc::not_found);
    auto const none = std::string("r0000000000000000000");
    CHECK(run_to_end(y.access_to.to_release(operators, auth::permission::use_cluster, none))
              .error()
              .code == errc::not_found);
}

TEST_CASE("a key is no way to a release of another cluster") {
    yard y;
    auto const r = y.installed();
    y.add_cluster("prod");
    release::release_request wanted;
    wanted.release = r.id;
    wanted.once = release::request_key{"Uninstall", "key-1"};
    CHECK(code_of(run_to_end(y.change.uninstall(y.use("prod"), wanted))) == errc::not_found);
    CHECK(y.release_of(r.id).status == release::release_status::deployed);
}

TEST_CASE("a name that is taken, and a release that is busy, are refused in words clients read") {
    yard y;
    y.push_demo();
    auto const first = y.install();
    REQUIRE(first);
    CHECK(code_of(y.install()) == errc::conflict);
    auto const busy = y.uninstall(first->release.id);
    CHECK(code_of(busy) == errc::busy);
    CHECK(busy.error().detail == "conflicting operation \"" + first->operation.id + "\" detected");
}

TEST_CASE("an update keeps product, name and namespace") {
    yard y;
    auto const r = y.installed();
    y.push_demo("1.1.0");
    REQUIRE(y.push(demo_chart("other", "1.0.0")));
    release::update_request wanted;
    wanted.release = r.id;
    wanted.version = "grp/p/stable/other@1.0.0";
    CHECK(code_of(run_to_end(y.change.update(y.use(), wanted))) == errc::invalid_argument);
    wanted.version.clear();
    wanted.values.pairs.push_back({"applicationName", secret("renamed")});
    CHECK(code_of(run_to_end(y.change.update(y.use(), wanted))) == errc::invalid_argument);
    wanted.values.pairs[0] = {"namespace", secret("elsewhere")};
    CHECK(code_of(run_to_end(y.change.update(y.use(), wanted))) == errc::invalid_argument);
    wanted.values.pairs[0] = {"namespace", secret("web")};
    CHECK(run_to_end(y.change.update(y.use(), wanted)));
    CHECK(code_of(y.update("r-unknown")) == errc::not_found);
}

TEST_CASE("what is in another cluster is not found through this one") {
    yard y;
    auto const r = y.installed();
    y.add_cluster("prod");
    auto const g = y.use("prod");
    release::release_request wanted;
    wanted.release = r.id;
    CHECK(run_to_end(y.change.uninstall(g, wanted)).error().code == errc::not_found);
    CHECK(run_to_end(y.read.find(g, r.id)).error().code == errc::not_found);
    CHECK(run_to_end(y.read.list(g, {}, {}, 10)).empty());
    CHECK(run_to_end(y.read.list(y.use(), {}, {}, 10)).size() == 1);
    auto const who = auth::local_operator();
    CHECK(run_to_end(y.access_to.to_release(who, permission::use_cluster, r.id))->cluster().name ==
          "dev");
    CHECK(run_to_end(y.access_to.to_release(who, permission::use_cluster, "r0")).error().code ==
          errc::not_found);
    CHECK(run_to_end(y.access_to.to_release(auth::anonymous(), permission::use_cluster, r.id))
              .error()
              .code == errc::unauthenticated);
    CHECK(run_to_end(y.access_to.to_clusters(who, permission::see_cluster)).size() == 2);
}

TEST_CASE("values and history are read from Helm, what is secret only by who may use the cluster") {
    yard y;
    auto const r = y.installed();
    CHECK(run_to_end(y.read.values(y.use(), r.id))->reveal() ==
          R"({"db":{"password":"pl4nted-5ecret"}})");
    y.helm.cluster[{"web", "shop"}].back().description = std::string("no ") + planted;
    auto const all = run_to_end(y.read.history(y.use(), r.id));
    REQUIRE(all);
    CHECK(all->at(0).description.find(planted) == std::string::npos);
    auto const sees =
        run_to_end(y.policy.authorize_on_cluster(local(), permission::see_cluster, "dev")).value();
    CHECK_THROWS_AS(static_cast<void>(run_to_end(y.read.values(sees, r.id))), std::logic_error);
    CHECK_THROWS_AS(static_cast<void>(run_to_end(y.change.install(sees, yard::installation()))),
                    std::logic_error);
}

TEST_CASE("releases that were made by hand are listed when asked for, and not among ours") {
    yard y;
    y.installed();
    y.helm.add("web", "mine", release::release_status::deployed);
    auto const foreign = run_to_end(y.read.foreign(y.use()));
    REQUIRE(foreign);
    REQUIRE(foreign->size() == 1);
    CHECK(foreign->at(0).name == "mine");
}

TEST_CASE("a diff hides the secrets of both sides on both sides, and sees no change in that") {
    yard y;
    auto const r = y.installed();
    std::string const env = std::string("env: ") + planted + "\nurl: http://a:b@c/\n";
    y.helm.deployed = {{"apps/v1", "Deployment", "web", "same", env},
                       {"apps/v1", "Deployment", "web", "other", env + "a: 1\n"}};
    y.helm.rendered = {{"apps/v1", "Deployment", "web", "same", env},
                       {"apps/v1", "Deployment", "web", "other", "env: fr3sh-5ecret\nb: " + env}};
    release::update_request wanted;
    wanted.release = r.id;
    wanted.values.pairs.push_back({"db.password", secret("fr3sh-5ecret")});
    auto const all = run_to_end(y.diff.update(y.use(), wanted));
    REQUIRE(all);
    REQUIRE(all->size() == 1);
    CHECK(all->at(0).name == "other");
    CHECK(all->at(0).text.find("[redacted]") != std::string::npos);
    CHECK(all->at(0).text.find(planted) == std::string::npos);
    CHECK(all->at(0).text.find("fr3sh") == std::string::npos);
}

TEST_CASE("a diff that could show nothing for all the secrets says so") {
    yard y;
    auto const r = y.installed();
    y.helm.deployed = {{"v1", "ConfigMap", "web", "c", "a: 1\n"}};
    y.helm.rendered = {{"v1", "ConfigMap", "web", "c", "a: 2\n"}};
    release::update_request wanted;
    wanted.release = r.id;
    std::string passwords;
    for (std::size_t i = 0; i <= release::secret_texts_max; ++i)
        passwords += "password" + std::to_string(i) + ": pl4nted-" + std::to_string(i) + "\n";
    wanted.values.documents.emplace_back(passwords);
    auto const refused = run_to_end(y.diff.update(y.use(), wanted));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::wrong_state);
    CHECK(refused.error().detail.find("1000") != std::string::npos);
    wanted.values.documents.clear();
    CHECK(run_to_end(y.diff.update(y.use(), wanted))->size() == 1);
}

TEST_CASE("drift is looked for in what the chart wrote, not in what may be shown of it") {
    yard y;
    y.parts.looks = &y.looks;
    auto const r = y.installed();
    y.looks.asked.clear();
    y.helm.deployed = {{"v1", "ConfigMap", "web", "c", "url: http://a:pw@c/\n"}};
    REQUIRE(run_to_end(y.read.drift(y.use(), r.id)));
    REQUIRE(y.looks.asked.size() == 1);
    CHECK(y.looks.asked[0].at(0).text == "url: http://a:pw@c/\n");
}

TEST_CASE("a diff shows objects that come, change and go") {
    yard y;
    auto const r = y.installed();
    y.helm.deployed = {{"v1", "ConfigMap", "web", "same", "a: 1\n"},
                       {"v1", "ConfigMap", "", "changed", "a: 1\nb: 2\n"},
                       {"v1", "Secret", "web", "gone", "x: y\n"}};
    y.helm.rendered = {{"v1", "ConfigMap", "", "same", "a: 1\n"},
                       {"v1", "ConfigMap", "web", "changed", "a: 1\nb: 3\n"},
                       {"v1", "Service", "web", "new", "s: t\n"}};
    release::update_request wanted;
    wanted.release = r.id;
    auto const all = run_to_end(y.diff.update(y.use(), wanted));
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK(all->at(0).text == " a: 1\n-b: 2\n+b: 3\n");
    CHECK(all->at(1).what == release::object_change::added);
    CHECK(all->at(1).text == "+s: t\n");
    CHECK(all->at(2).what == release::object_change::removed);
    auto first = yard::installation();
    first.name = "second";
    CHECK(run_to_end(y.diff.install(y.use(), first))->size() == 3);
    CHECK(std::filesystem::is_empty(y.parts.folder));
}

TEST_CASE("definitions in crds/ are shown where they would be made, and told of where they stay") {
    yard y;
    REQUIRE(y.push(chart_builder("widget", "1.0.0").file("crds/a.yaml", "kind: X\n").tgz()));
    REQUIRE(y.push(chart_builder("widget", "1.1.0").tgz()));
    y.helm.rendered = {
        {"v1", "ConfigMap", "web", "c", "a: 1\n"},
        {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "made", "b: 1\n"}};
    y.helm.definitions = {
        {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "made", "b: 1\n"},
        {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "widgets", "c: 1\n"}};
    auto wanted = yard::installation();
    wanted.version = "grp/p/stable/widget@1.0.0";
    auto const first = run_to_end(y.diff.install(y.use(), wanted));
    REQUIRE(first);
    REQUIRE(first->size() == 3);
    CHECK(first->at(2).name == "widgets");
    CHECK(first->at(2).what == release::object_change::added);
    CHECK(first->at(2).text == "+c: 1\n");
    // A chart without any is not asked for them.
    wanted.version = "grp/p/stable/widget@1.1.0";
    CHECK(run_to_end(y.diff.install(y.use(), wanted))->size() == 2);

    wanted.version = "grp/p/stable/widget@1.0.0";
    auto const begun = y.install(wanted);
    REQUIRE(begun);
    REQUIRE_FALSE(y.finish(begun->operation.id).error);
    release::update_request update;
    update.release = begun->release.id;
    CHECK(run_to_end(y.diff.leaves_definitions(y.use(), update)).value());
    auto const again = run_to_end(y.diff.update(y.use(), update));
    REQUIRE(again);
    for (auto const& d : *again) CHECK(d.name != "widgets");
    update.version = "grp/p/stable/widget@1.1.0";
    CHECK_FALSE(run_to_end(y.diff.leaves_definitions(y.use(), update)).value());
    update.version = "grp/p/stable/widget@9.9.9";
    CHECK(run_to_end(y.diff.leaves_definitions(y.use(), update)).error().code == errc::not_found);
    CHECK(std::filesystem::is_empty(y.parts.folder));
}

TEST_CASE("who asks for a deprecated version is warned, at once and in the operation's events") {
    yard y;
    auto const old = y.add_chart("old", R"("deprecated":true)");
    auto const warned = [&](storage::begun const& begun) {
        auto const events = y.events(begun.operation.id);
        return std::ranges::any_of(events, [](auto const& e) {
            return e.what == "warning" && e.text.find("old 1.0.0 is deprecated") != e.text.npos;
        });
    };
    auto wanted = yard::installation();
    wanted.version = "grp/p/stable/old@0.9.0";
    auto const fine = y.install(wanted);
    REQUIRE(fine);
    CHECK_FALSE(warned(*fine));
    REQUIRE_FALSE(y.finish(fine->operation.id).error);
    release::update_request update;
    update.release = fine->release.id;
    update.version = old;
    auto const updated = run_to_end(y.change.update(y.use(), update));
    REQUIRE(updated);
    CHECK(warned(*updated));
    wanted.name = "second";
    wanted.version = old;
    auto const installed = y.install(wanted);
    REQUIRE(installed);
    CHECK(warned(*installed));
    // The operation goes on.
    CHECK(installed->operation.state == storage::operation_state::queued);
}

}  // namespace pilothouse::tests::requests_test
