// The engine with a real Helm on a real API server: HELM is the program; KUBECONFIG,
// WEAK_KUBECONFIG and STRANGER_KUBECONFIG are those of tests/e2e/control_plane.
#include "base/random.hpp"
#include "base/runtime.hpp"
#include "release/helm/helm_engine.hpp"
#include "release/kubeconfig.hpp"
#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>

#include <sys/eventfd.h>
#include <unistd.h>

namespace pilothouse::tests::real_helm_test {

using namespace pilothouse::release;
using pilothouse::release::helm::helm_engine;

namespace {

constexpr char const* planted = "planted-hunter2-value";

std::string text_of(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

char const* needed(char const* name) {
    char const* const value = std::getenv(name);
    if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set");
    return value;
}

secret kubeconfig(char const* variable) {
    auto const access = read_kubeconfig(secret(text_of(needed(variable))), "");
    return write_kubeconfig(access.value());
}

template <class Condition>
bool comes_true(Condition const& condition) {
    for (int i = 0; i < 6000; ++i) {
        if (condition()) return true;
        ::usleep(10'000);
    }
    return false;
}

class watcher final : public run_control {
public:
    void started(operation_process process) override {
        std::lock_guard const lock(mutex_);
        process_ = process.number;
    }
    void said(std::string, std::string text) override {
        std::lock_guard const lock(mutex_);
        heard_ += text + "\n";
    }
    [[nodiscard]] int cancel_descriptor() const noexcept override { return event_.get(); }
    void cancel() const { ::eventfd_write(event_.get(), 1); }
    [[nodiscard]] std::int64_t process() const {
        std::lock_guard const lock(mutex_);
        return process_;
    }
    [[nodiscard]] std::string heard() const {
        std::lock_guard const lock(mutex_);
        return heard_;
    }

private:
    descriptor event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    mutable std::mutex mutex_;
    std::int64_t process_ = 0;
    std::string heard_;
};

constexpr char const* settings_template =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n"
    "data: {colour: {{ .Values.colour | quote }}}\n";
constexpr char const* secret_template =
    "apiVersion: v1\nkind: Secret\nmetadata: {name: {{ .Release.Name }}}\n"
    "stringData: {password: {{ .Values.password | quote }}}\n";
// `place: nowhere` asks for a node that there is not.
constexpr char const* workload_template =
    "{{- if .Values.place }}\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: {{ "
    ".Release.Name }}}\nspec:\n  selector: {matchLabels: {app: {{ .Release.Name }}}}\n  template:\n"
    "    metadata: {labels: {app: {{ .Release.Name }}}}\n    spec:\n      {{- if eq .Values.place "
    "\"nowhere\" }}\n      nodeSelector: {place: nowhere}\n      {{- end }}\n      containers: "
    "[{name: a, image: none}]\n{{- end }}\n";
constexpr char const* hook_template =
    "{{- if .Values.hook }}\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name "
    "}}-hook\n  annotations: {helm.sh/hook: post-install}\n{{- end }}\n";
constexpr char const* schema =
    R"({"type":"object","properties":{"colour":{"type":"string","enum":["red","blue"]}}})";

tests::chart_builder knob() {
    return tests::chart_builder("knob", "0.1.0")
        .without("templates/x.yaml")
        .file("values.yaml", "colour: red\npassword: none\nplace: \"\"\nhook: false\n")
        .file("values.schema.json", schema)
        .file("templates/a.yaml", settings_template)
        .file("templates/b.yaml", secret_template)
        .file("templates/c.yaml", workload_template)
        .file("templates/d.yaml", hook_template);
}

struct fixture {
    tests::temp_dir folder;
    helm_engine engine{settings()};
    std::shared_ptr<watcher> control = std::make_shared<watcher>();
    target where{kubeconfig("KUBECONFIG"), "engine-" + lower(random_base62(10)), "cart"};
    operation_options options;
    int charts = 0;

    fixture() { options.timeout = std::chrono::seconds(60); }
    ~fixture() {
        // What is left would slow later cases down.
        (void)run_to_end(engine.uninstall(where, options, std::make_shared<watcher>()));
    }

    [[nodiscard]] helm_engine::settings settings() const {
        helm_engine::settings s;
        s.program = needed("HELM");
        s.folder = folder.path() / "runs";
        return s;
    }
    static std::string lower(std::string text) {
        for (char& c : text) c = static_cast<char>(std::tolower(c));
        return text;
    }
    payload chart(std::string const& values, tests::chart_builder const& what = knob()) {
        auto const file = folder.path() / ("chart" + std::to_string(++charts) + ".tgz");
        std::ofstream(file, std::ios::binary) << what.tgz();
        return {file, secret(values), {planted}};
    }
    [[nodiscard]] bool fourth() { return run_to_end(engine.version()).value().major == 4; }

    run_end install(payload what, std::string operation = "o1") {
        return run_to_end(
            engine.install(where, std::move(what), options, std::move(operation), control));
    }
    run_end upgrade(payload what, std::string operation) {
        return run_to_end(
            engine.upgrade(where, std::move(what), options, std::move(operation), control));
    }
    run_end rollback(int to) { return run_to_end(engine.rollback(where, to, options, control)); }
    run_end uninstall() { return run_to_end(engine.uninstall(where, options, control)); }
    std::vector<revision> history() { return run_to_end(engine.history(where)).value(); }
    int revision_of(std::string operation) {
        return run_to_end(engine.revision_of(where, std::move(operation))).value();
    }
    release_status newest() {
        auto const all = history();
        return all.empty() ? release_status::unknown : all.back().status;
    }
};

void check_good(run_end const& end) {
    CAPTURE((end.error ? end.error->message : std::string()));
    CHECK(end.succeeded);
    CHECK(end.warning.empty());
}

void check_failed(run_end const& end, errc code, std::string const& words) {
    REQUIRE(end.error);
    CAPTURE(end.error->message);
    CHECK(!end.succeeded);
    CHECK(name_of(end.error->code) == name_of(code));
    CHECK(end.error->message.find(words) != std::string::npos);
    CHECK(end.error->message.find(planted) == std::string::npos);
}

std::string const good_values =
    std::string(R"({"colour":"red","password":")") + planted + R"(","place":"here","hook":true})";
std::string const stuck_values = R"({"place":"nowhere"})";

}  // namespace

TEST_CASE_FIXTURE(fixture, "a release lives from its installation to its end") {
    auto first = chart(good_values);
    CHECK(history().empty());
    check_good(install(first));
    CHECK(control->heard().find("is not there: it is made") != std::string::npos);
    auto all = history();
    REQUIRE(all.size() == 1);
    CHECK(all[0].number == 1);
    CHECK(all[0].status == release_status::deployed);
    CHECK(all[0].chart == "knob-0.1.0");
    CHECK(all[0].updated > instant());
    CHECK(revision_of("o1") == 1);
    CHECK(revision_of("o2") == 0);
    CHECK(run_to_end(engine.values(where)).value().reveal().find(planted) !=
          std::string_view::npos);

    auto const objects = run_to_end(engine.manifest(where, 0)).value();
    REQUIRE(objects.size() == 4);
    for (auto const& object : objects) CHECK(object.text.find(planted) == std::string::npos);
    CHECK(std::ranges::count(objects, true, &rendered_object::hook) == 1);
    CHECK(std::ranges::count(objects, std::string("Secret"), &rendered_object::kind) == 1);

    auto const second = chart(R"({"colour":"blue","password":"other"})");
    auto const next = run_to_end(engine.render(where, second, true)).value();
    CHECK(next.size() == 2);
    auto const secret_text = [](std::vector<rendered_object> const& list) {
        return std::ranges::find(list, std::string("Secret"), &rendered_object::kind)->text;
    };
    CHECK(secret_text(next) != secret_text(objects));
    auto const same = run_to_end(engine.render(where, first, true)).value();
    CHECK(secret_text(same) == secret_text(objects));
    CHECK(history().size() == 1);

    check_good(upgrade(second, "o2"));
    all = history();
    REQUIRE(all.size() == 2);
    CHECK(all[0].status == release_status::superseded);
    CHECK(revision_of("o2") == 2);
    CHECK(revision_of("o1") == 1);
    CHECK(run_to_end(engine.values(where)).value().reveal().find(planted) ==
          std::string_view::npos);
    check_good(upgrade(chart("{}"), "o3"));
    CHECK(run_to_end(engine.values(where)).value().reveal() == "{}");

    check_good(rollback(1));
    all = history();
    CHECK(all.back().number == 4);
    CHECK(all.back().status == release_status::deployed);
    CHECK(run_to_end(engine.manifest(where, 2)).value().size() == 2);

    auto const here = run_to_end(engine.list(where.kubeconfig, where.name_space, -1)).value();
    REQUIRE(here.size() == 1);
    CHECK(here[0].name == "cart");
    CHECK(here[0].revision == 4);
    auto const everywhere = run_to_end(engine.list(where.kubeconfig, "", -1)).value();
    CHECK(std::ranges::count(everywhere, where.name_space, &listed_release::name_space) == 1);

    check_good(uninstall());
    CHECK(history().empty());
    check_failed(uninstall(), errc::not_found, "not found");
    check_failed(upgrade(chart("{}"), "o4"), errc::not_found, "has no deployed releases");
    CHECK(std::filesystem::is_empty(folder.path() / "runs"));
}

TEST_CASE_FIXTURE(fixture, "a wait that ends too late says so, and which object it was") {
    options.timeout = std::chrono::seconds(4);
    check_failed(install(chart(stuck_values)), errc::timed_out, "context deadline exceeded");
    CHECK(newest() == release_status::failed);
    CHECK(revision_of("o1") == 1);
    options.timeout = std::chrono::seconds(60);
    check_good(upgrade(chart("{}"), "o2"));
    options.timeout = std::chrono::seconds(4);
    auto const end = upgrade(chart(stuck_values), "o3");
    check_failed(end, errc::timed_out, fourth() ? "/cart not ready. status: InProgress" : "");
    options.rollback_on_failure = true;
    check_failed(upgrade(chart(stuck_values), "o4"), errc::timed_out, "has been rolled back");
    CHECK(newest() == release_status::deployed);
    CHECK(revision_of("o4") == 4);
}

TEST_CASE_FIXTURE(fixture,
                  "values, charts and names that cannot be are refused, and nothing is left") {
    auto const bad = chart(std::string(R"({"colour":")") + planted + "\"}");
    check_failed(install(bad), errc::invalid_argument, "colour");
    CHECK(run_to_end(engine.render_offline(where, bad)).error().code == errc::invalid_argument);
    CHECK(run_to_end(engine.render(where, bad, false)).error().code == errc::invalid_argument);
    CHECK(run_to_end(engine.render_offline(where, chart(good_values))).value().size() == 4);
    auto const with = [](char const* text) { return knob().file("templates/e.yaml", text); };
    check_failed(install(chart("{}", with("{{ required \"say it\" .Values.nothing }}"))),
                 errc::invalid_argument, "say it");
    check_failed(install(chart("{}", with("a: [b"))), errc::invalid_argument, "YAML parse error");
    check_failed(install(chart("{}", with("apiVersion: x/v1\nkind: Thing\nmetadata: {name: a}"))),
                 errc::wrong_state, "Thing");
    check_failed(install(chart("{}", knob().chart_yaml_with("kubeVersion: '>=9.0.0'"))),
                 errc::wrong_state, "kubeVersion");
    check_failed(install(chart("{}", knob().chart_yaml_with("type: library"))), errc::wrong_state,
                 "not installable");
    payload broken{folder.path() / "none.tgz", secret("{}"), {}};
    std::ofstream(broken.archive) << "none";
    check_failed(install(broken), errc::broken, "archive");
    CHECK(history().empty());
    check_good(install(chart("{}")));
    check_failed(install(chart("{}")), errc::conflict, "still in use");
    where.name = "other";
    check_failed(install(chart("{}", with("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
                                          "cart}"))),
                 errc::wrong_state, "invalid ownership metadata");
    check_failed(rollback(3), errc::not_found, "");
    where.name = "cart";
}

TEST_CASE_FIXTURE(fixture, "a cancelled install fails cleanly") {
    auto later = std::async(std::launch::async, [&] {
        CHECK(comes_true([&] { return newest() == release_status::pending_install; }));
        control->cancel();
    });
    auto const end = install(chart(stuck_values));
    later.get();
    check_failed(end, errc::cancelled, "It was cancelled.");
    CHECK(end.cancelled);
    CHECK(newest() == release_status::failed);
}

TEST_CASE_FIXTURE(fixture, "a helm that is killed leaves what the next step mends") {
    auto const killed_in = [&](release_status state) {
        return std::async(std::launch::async, [this, state] {
            CHECK(comes_true([&] { return newest() == state; }));
            ::kill(static_cast<pid_t>(control->process()), SIGKILL);
        });
    };
    auto later = killed_in(release_status::pending_install);
    check_failed(install(chart(stuck_values)), errc::broken, "signal 9");
    later.get();
    CHECK(newest() == release_status::pending_install);
    CHECK(revision_of("o1") == 1);
    check_failed(upgrade(chart("{}"), "o2"), errc::busy, "another operation");
    check_good(uninstall());

    check_good(install(chart("{}"), "o3"));
    later = killed_in(release_status::pending_upgrade);
    check_failed(upgrade(chart(stuck_values), "o4"), errc::broken, "signal 9");
    later.get();
    CHECK(newest() == release_status::pending_upgrade);
    CHECK(revision_of("o4") == 2);
    check_good(rollback(1));
    CHECK(newest() == release_status::deployed);
    check_good(upgrade(chart("{}"), "o5"));
}

TEST_CASE_FIXTURE(fixture, "nothing secret is to be seen of a helm that runs") {
    auto values = stuck_values;
    values.insert(1, std::string(R"("password":")") + planted + "\",");
    auto later = std::async(std::launch::async, [&] {
        CHECK(comes_true([&] { return newest() == release_status::pending_install; }));
        auto const process = "/proc/" + std::to_string(control->process());
        auto const seen = text_of(process + "/cmdline") + text_of(process + "/environ");
        auto const token = read_kubeconfig(where.kubeconfig, "").value().token;
        CHECK(seen.find("install") != std::string::npos);
        for (auto const& word : {std::string(planted), std::string(token.reveal())}) {
            REQUIRE(!word.empty());
            CHECK(seen.find(word) == std::string::npos);
            for (auto const& file :
                 std::filesystem::recursive_directory_iterator(folder.path() / "runs"))
                if (file.is_regular_file())
                    CHECK(text_of(file.path()).find(word) == std::string::npos);
        }
        control->cancel();
    });
    auto const end = install(chart(values));
    later.get();
    check_failed(end, errc::cancelled, "");
    CHECK(std::filesystem::is_empty(folder.path() / "runs"));
}

TEST_CASE_FIXTURE(fixture, "rights, credentials and addresses that do not do are told apart") {
    auto const admin = where.kubeconfig;
    where.kubeconfig = kubeconfig("STRANGER_KUBECONFIG");
    check_failed(install(chart("{}")), errc::denied, "forbidden");
    CHECK(run_to_end(engine.history(where)).error().code == errc::denied);
    auto access = read_kubeconfig(admin, "").value();
    access.token = secret("planted-wrong-token");
    where.kubeconfig = write_kubeconfig(access);
    check_failed(install(chart("{}")), errc::wrong_state, "provide credentials");
    access = read_kubeconfig(admin, "").value();
    access.ca_pem.clear();
    where.kubeconfig = write_kubeconfig(access);
    check_failed(install(chart("{}")), errc::wrong_state, "x509");
    access = read_kubeconfig(admin, "").value();
    access.server = "https://127.0.0.1:1";
    where.kubeconfig = write_kubeconfig(access);
    check_failed(install(chart("{}")), errc::unavailable, "cluster unreachable");
    CHECK(run_to_end(engine.list(where.kubeconfig, "", -1)).error().code == errc::unavailable);
    where.kubeconfig = admin;
    where.name_space = "default";
    where.name = fixture::lower("weak" + random_base62(6));
    where.kubeconfig = kubeconfig("WEAK_KUBECONFIG");
    check_failed(install(chart(good_values)), errc::denied, "forbidden");
    where.kubeconfig = admin;
}

}  // namespace pilothouse::tests::real_helm_test
