// The engine, over a helm that behaves in every way it should not.
#include "release/helm/helm_engine.hpp"

#include "tests/integration/helm_engine/stub_helm.hpp"
#include "tests/support/result_text.hpp"

#include <array>
#include <csignal>
#include <future>
#include <thread>
#include <vector>

#include <sys/syscall.h>
#include <unistd.h>

namespace pilothouse::tests::engine_test {

using release::run_end;
using release::helm::helm_engine;

namespace {

std::string const one_revision = R"([{"revision":1,"status":"deployed","updated":)"
                                 R"("2026-11-20T15:51:19Z","chart":"knob-0.1.0"}])";

errc code_of(run_end const& end) {
    REQUIRE(end.error);
    return end.error->code;
}

// Ignores one signal of everybody's and the two that glibc keeps for itself, as a service manager
// may have us begin. Asks the kernel, as glibc does not let go of its own.
class deaf_to_signals {
public:
    deaf_to_signals() {
        kernel_action const ignored{reinterpret_cast<unsigned long>(SIG_IGN)};
        for (std::size_t i = 0; i < signals.size(); ++i)
            REQUIRE(::syscall(SYS_rt_sigaction, signals[i], &ignored, &before_[i], 8) == 0);
    }
    ~deaf_to_signals() {
        for (std::size_t i = 0; i < signals.size(); ++i)
            ::syscall(SYS_rt_sigaction, signals[i], &before_[i], nullptr, 8);
    }
    deaf_to_signals(deaf_to_signals const&) = delete;
    deaf_to_signals& operator=(deaf_to_signals const&) = delete;

private:
    using kernel_action = std::array<unsigned long, 4>;  // the handler first
    static constexpr std::array signals{SIGINT, 32, 33};
    std::array<kernel_action, signals.size()> before_{};
};

struct fixture : engine_fixture {
    run_end install(helm_engine& engine) {
        return run_to_end(engine.install(where, what(), options, "o1", control));
    }
    run_end install() {
        helm_engine engine(settings());
        auto const end = install(engine);
        check_clean();
        check_secret(control->heard());
        check_secret(end.warning);
        if (end.error) check_secret(end.error->message);
        return end;
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture,
                  "an install gets its kubeconfig and values from memory, and nothing else") {
    helm.script(R"(install)
        echo "$@" >$seen/arguments; tr '\0' '\n' </proc/self/environ >$seen/environment
        tr '\0' ' ' </proc/$$/cmdline >$seen/cmdline
        cat >$seen/values; cat /proc/self/fd/3 >$seen/kubeconfig; cat /proc/self/fd/3 >$seen/again
        ls /proc/$$/fd >$seen/descriptors; pwd >$seen/folder
        stat -c %a . >$seen/rights; ulimit -c >$seen/core; ulimit -d >$seen/data
        grep -E 'SigIgn|SigBlk|NoNewPrivs' /proc/self/status >$seen/status
        find . -type f >$seen/files; echo garbage; echo noise >&2;;)");
    auto const end = [&] {
        deaf_to_signals const inherited_by_helm;
        return install();
    }();
    CHECK(end.succeeded);
    CHECK(!end.error);
    CHECK(helm.read("values") == R"({"password":"planted-hunter2-value"})");
    CHECK(helm.read("kubeconfig") == where.kubeconfig.reveal());
    CHECK(helm.read("again") == where.kubeconfig.reveal());
    for (char const* const name : {"arguments", "environment", "cmdline"}) {
        CHECK(!helm.read(name).empty());
        check_secret(helm.read(name));
    }
    CHECK(helm.read("arguments").find("pilothouse.operation=o1") != std::string::npos);
    auto const environment = helm.read("environment");
    CHECK(environment.find("HELM_NO_PLUGINS=1\n") != std::string::npos);
    CHECK(environment.find("HOME=" + helm.runs().string()) != std::string::npos);
    for (char const* const name : {"KUBECONFIG", "HELM_KUBE", "USER=", "PWD=/tmp"})
        CHECK(environment.find(name) == std::string::npos);
    // Those from 10 on are the shell's own.
    CHECK(helm.read("descriptors").starts_with("0\n1\n10\n11\n2\n3\n"));
    CHECK(helm.read("folder").starts_with(helm.runs().string()));
    CHECK(helm.read("rights") == "700\n");
    CHECK(helm.read("core") == "0\n");
    CHECK(helm.read("data") == "524288\n");
    CHECK(helm.read("files").empty());
    auto const status = helm.read("status");
    CAPTURE(status);
    CHECK(status.find("SigBlk:\t0000000000000000") != std::string::npos);
    CHECK(status.find("SigIgn:\t0000000000000000") != std::string::npos);
    CHECK(status.find("NoNewPrivs:\t1") != std::string::npos);
    REQUIRE(control->processes().size() == 1);
    CHECK(control->processes()[0].start_time > 0);
    CHECK(control->heard() == "helm: noise\n");
}

TEST_CASE_FIXTURE(fixture, "a gigabyte on either stream is read and not kept") {
    helm.script(R"(install) head -c 1000000000 /dev/zero; head -c 1000000000 /dev/zero >&2
        echo >&2; echo "Error: INSTALLATION FAILED: context deadline exceeded" >&2; exit 1;;)");
    auto const end = install();
    CHECK(!end.succeeded);
    CHECK(code_of(end) == errc::timed_out);
    CHECK(end.error->message == "context deadline exceeded");
    CHECK(control->heard().size() < 10'000);
}

TEST_CASE_FIXTURE(fixture, "of many lines only the first are passed on") {
    helm.script(
        R"(install) i=0; while [ $i -lt 1000 ]; do echo "line $i" >&2; i=$((i+1)); done;;)");
    CHECK(install().succeeded);
    auto const heard = control->heard();
    CHECK(std::count(heard.begin(), heard.end(), '\n') == 100);
    CHECK(heard.ends_with("helm: What helm says further is left out.\n"));
}

TEST_CASE_FIXTURE(fixture, "what helm says is redacted in every form") {
    helm.script(R"(install) values=$(cat)
        echo "open $0: token planted-kube-token" >&2
        echo "level=ERROR msg=x error=\"$values\"" >&2
        echo "Error: INSTALLATION FAILED: Secret \"x\" is invalid: $values" >&2
        printf %s "$values" | base64 >&2
        echo "in $PWD" >&2; exit 1;;)");
    auto const end = install();
    CHECK(code_of(end) == errc::wrong_state);
    CHECK(end.error->message.find("[redacted]") != std::string::npos);
    CHECK(end.error->message.find("cGxhbnRlZ") == std::string::npos);
    CHECK(end.error->message.find(helm.runs().string()) == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "a cancelled run is asked to end, and heeds it") {
    helm.script(
        R"(install) trap 'echo "Error: INSTALLATION FAILED: context canceled" >&2; exit 1' TERM
        echo ready >&2; while :; do sleep 0.05; done;;)");
    helm_engine engine(settings());
    auto later = std::async(std::launch::async, [&] {
        CHECK(comes_true([&] { return control->heard().find("ready") != std::string::npos; }));
        CHECK(is_alive(control->processes().at(0).number));
        control->cancel();
    });
    auto const end = install(engine);
    later.get();
    CHECK(end.cancelled);
    CHECK(!end.killed);
    CHECK(code_of(end) == errc::cancelled);
    check_clean();
}

TEST_CASE_FIXTURE(fixture, "a cancelled run that went well all the same went well") {
    helm.script(R"(install) trap 'exit 0' TERM; echo ready >&2; while :; do sleep 0.05; done;;)");
    helm_engine engine(settings());
    auto later = std::async(std::launch::async, [&] {
        CHECK(comes_true([&] { return !control->heard().empty(); }));
        control->cancel();
    });
    auto const end = install(engine);
    later.get();
    CHECK(end.succeeded);
    CHECK(!end.cancelled);
}

TEST_CASE_FIXTURE(fixture, "a run that does not heed it is ended by force, with all its children") {
    helm.script(R"(install) trap '' TERM; sleep 1000 & echo $! >$seen/child
        echo ready >&2; while :; do sleep 0.05; done;;)");
    helm_engine engine(settings());
    auto later = std::async(std::launch::async, [&] {
        CHECK(comes_true([&] { return !control->heard().empty(); }));
        control->cancel();
    });
    auto const end = install(engine);
    later.get();
    CHECK(end.cancelled);
    CHECK(end.killed);
    CHECK(code_of(end) == errc::cancelled);
    auto const child = std::stoll(helm.read("child"));
    CHECK(comes_true([&] { return !is_alive(child); }));
    check_clean();
}

TEST_CASE_FIXTURE(fixture, "a run that was cancelled before it began does not begin") {
    helm.script("install) touch $seen/began;;");
    control->cancel();
    auto const end = install();
    CHECK(end.cancelled);
    CHECK(code_of(end) == errc::cancelled);
    CHECK(!helm.has("began"));
}

TEST_CASE_FIXTURE(fixture,
                  "a child of helm's that stays behind ends with it, and holds nothing up") {
    helm.script(R"(install) sleep 1000 & echo $! >$seen/child; exit 0;;)");
    CHECK(install().succeeded);
    auto const child = std::stoll(helm.read("child"));
    CHECK(comes_true([&] { return !is_alive(child); }));
}

TEST_CASE_FIXTURE(fixture, "deaths of other kinds are told") {
    helm.script("install) kill -SEGV $$;;");
    auto end = install();
    CHECK(code_of(end) == errc::broken);
    CHECK(end.error->message == "Helm was ended by signal 11.");

    helm.script("install) echo 'fatal error: stack overflow' >&2; exit 2;;");
    end = install();
    CHECK(code_of(end) == errc::broken);
    CHECK(end.error->message == "Helm broke down: fatal error: stack overflow");

    helm.script("install) echo 'fatal error: runtime: out of memory' >&2; exit 2;;");
    CHECK(install().error->message == "Helm needed more memory than it may take.");

    helm.script("install) exit 1;;");
    end = install();
    CHECK(code_of(end) == errc::broken);
    CHECK(end.error->message == "Helm failed and did not say why.");
}

TEST_CASE_FIXTURE(fixture, "memory beyond the limit is not had") {
    helm.script("install) head -c 400000000 /dev/zero | tail -n 1 | wc -c;;");
    auto s = settings();
    s.data_bytes_max = 64 * 1024 * 1024;
    helm_engine engine(s);
    helm.script("install) x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#x};;");
    CHECK(!install(engine).succeeded);
}

TEST_CASE_FIXTURE(fixture, "a namespace is made only when helm misses it") {
    helm.script(R"(install) echo "$@" >>$seen/calls
        case "$*" in *--create-namespace*) cat >$seen/values;; *)
        echo 'Error: INSTALLATION FAILED: create: failed to create: namespaces "shop" not found' >&2
        exit 1;; esac;;)");
    CHECK(install().succeeded);
    auto const calls = helm.read("calls");
    CHECK(std::count(calls.begin(), calls.end(), '\n') == 2);
    CHECK(helm.read("values") == R"({"password":"planted-hunter2-value"})");
    CHECK(control->processes().size() == 2);

    helm.script(R"(install) echo 'Error: namespaces "other" not found' >&2; exit 1;;)");
    CHECK(code_of(install()) == errc::wrong_state);
    CHECK(control->processes().size() == 3);
}

TEST_CASE_FIXTURE(fixture,
                  "Helm 3's rollback is tried twice where it stumbles over its own removals") {
    for (std::string const version : {"v3.21.4", "v4.2.4"}) {
        helm.set("version) echo " + version + R"(;; rollback) echo x >>$seen/calls
            [ $(wc -l <$seen/calls) -gt 1 ] && exit 0
            echo 'Error: no ConfigMap with the name "x" found' >&2; exit 1;;)");
        std::filesystem::remove(helm.seen("calls"));
        helm_engine engine(settings());
        auto const end = run_to_end(engine.rollback(where, 1, options, control));
        CHECK(end.succeeded == version.starts_with("v3"));
    }
}

TEST_CASE_FIXTURE(fixture, "an uninstall whose record is gone went well, with a warning") {
    helm.script(R"(uninstall) echo 'Error: uninstallation completed with 1 error(s): timed out' >&2
        exit 1;; history) cat $seen/history >&2; exit 1;;)");
    std::ofstream(helm.seen("history")) << "Error: release: not found\n";
    helm_engine engine(settings());
    auto end = run_to_end(engine.uninstall(where, options, control));
    CHECK(end.succeeded);
    CHECK(end.warning == "uninstallation completed with 1 error(s): timed out");
    CHECK(!end.error);

    std::ofstream(helm.seen("history")) << "Error: Kubernetes cluster unreachable: EOF\n";
    end = run_to_end(engine.uninstall(where, options, control));
    CHECK(!end.succeeded);
    CHECK(end.error);
}

TEST_CASE_FIXTURE(fixture, "without a helm that can be used, everything says how to get one") {
    helm.set("version) echo v2.17.0;;");
    CHECK(code_of(install()) == errc::unavailable);
    helm_engine engine(settings());
    CHECK(run_to_end(engine.version()).error().code == errc::unavailable);
    CHECK(run_to_end(engine.history(where)).error().code == errc::unavailable);
    std::filesystem::remove(helm.program());
    auto const end = install(engine);
    CHECK(code_of(end) == errc::unavailable);
    CHECK(end.error->message.find("helm.sh/docs") != std::string::npos);
    // As soon as there is one, it is used.
    helm.set("version) echo v4.2.4;; install) ;;");
    CHECK(install(engine).succeeded);
    // A file that the kernel does not run.
    std::ofstream(helm.program()) << "no program";
    CHECK(code_of(install(engine)) == errc::unavailable);
}

TEST_CASE_FIXTURE(fixture, "a chart whose schema refers outside is not handed to helm") {
    auto payload = what();
    std::ofstream(payload.archive, std::ios::binary)
        << chart_builder().file("values.schema.json", R"({"$ref":"file:///etc/passwd"})").tgz();
    helm.script("*) touch $seen/began;;");
    helm_engine engine(settings());
    CHECK(code_of(install(engine)) == errc::wrong_state);
    CHECK(code_of(run_to_end(engine.upgrade(where, payload, options, "o1", control))) ==
          errc::wrong_state);
    CHECK(run_to_end(engine.render(where, payload, true)).error().code == errc::wrong_state);
    CHECK(run_to_end(engine.render_offline(where, payload)).error().code == errc::wrong_state);
    CHECK(!helm.has("began"));
}

TEST_CASE_FIXTURE(fixture, "questions are answered") {
    helm.script("history) echo '" + one_revision + R"(';;
        list) echo '[{"name":"cart","namespace":"shop","revision":"3","status":"failed"}]';;
        get) case "$2" in values) echo '{"a":1}';; all) printf o7;;
             manifest) printf 'kind: ConfigMap\nmetadata: {name: a}\ndata: {b: planted-kube-token}\n';;
             hooks) printf -- '---\nkind: Job\nmetadata: {name: h}\n';; esac;;)");
    helm_engine engine(settings());
    CHECK(run_to_end(engine.version()).value().major == 4);
    CHECK(run_to_end(engine.history(where)).value().at(0).chart == "knob-0.1.0");
    CHECK(run_to_end(engine.revision_of(where, "o7")).value() == 1);
    CHECK(run_to_end(engine.revision_of(where, "o8")).value() == 0);
    CHECK(run_to_end(engine.list(where.kubeconfig, "", -1)).value().at(0).revision == 3);
    CHECK(run_to_end(engine.values(where)).value().reveal() == R"({"a":1})");
    auto const objects = run_to_end(engine.manifest(where, 0)).value();
    REQUIRE(objects.size() == 2);
    CHECK(objects[0].text.find("b: planted-kube-token") != std::string::npos);  // as it is
    CHECK(!objects[0].hook);
    CHECK(objects[1].name == "h");
    CHECK(objects[1].hook);
    check_clean();
}

TEST_CASE_FIXTURE(fixture, "of what is rendered Secrets are masked, and nothing else") {
    helm.script(
        R"(upgrade|install) printf '{"manifest":"kind: Secret\\nmetadata: {name: s}\\ndata: {a: x1}\\n",'
        printf '"hooks":[{"manifest":"kind: Job\\nmetadata: {name: planted-hunter2-value}\\n"}]}';;
        template) cat >$seen/values; echo "$@" >$seen/arguments
        ls /proc/self/fd/3 2>$seen/none; echo 'kind: ConfigMap';;)");
    helm_engine engine(settings());
    for (bool const upgrade : {true, false}) {
        auto const objects = run_to_end(engine.render(where, what(), upgrade)).value();
        REQUIRE(objects.size() == 2);
        CHECK(objects[0].text.find("x1") == std::string::npos);
        CHECK(objects[1].hook);
        CHECK(objects[1].name == "planted-hunter2-value");
        CHECK(objects[1].text.find(objects[1].name) != std::string::npos);
    }
    CHECK(run_to_end(engine.render_offline(where, what())).value().at(0).kind == "ConfigMap");
    CHECK(helm.read("values") == R"({"password":"planted-hunter2-value"})");
    CHECK(helm.read("arguments").find("--kubeconfig") == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "questions fail as their answers do") {
    helm_engine engine(settings());
    helm.script("history) echo 'Error: release: not found' >&2; exit 1;;");
    CHECK(run_to_end(engine.history(where)).value().empty());
    CHECK(run_to_end(engine.revision_of(where, "o1")).value() == 0);
    helm.script("*) echo 'Error: release: not found' >&2; exit 1;;");
    CHECK(run_to_end(engine.values(where)).error().code == errc::not_found);
    CHECK(run_to_end(engine.manifest(where, 3)).error().code == errc::not_found);
    helm.script(
        "*) echo 'Error: Kubernetes cluster unreachable: planted-kube-token' >&2; exit 1;;");
    auto const unreachable = run_to_end(engine.list(where.kubeconfig, "", -1));
    CHECK(unreachable.error().code == errc::unavailable);
    check_secret(unreachable.error().detail);
    helm.script("*) echo '[{';;");
    CHECK(run_to_end(engine.history(where)).error().code == errc::broken);
    helm.script("*) head -c 30000000 /dev/zero;;");
    CHECK(run_to_end(engine.history(where)).error().code == errc::too_large);
    check_clean();
}

TEST_CASE_FIXTURE(fixture, "an install that waits keeps nobody from looking") {
    helm.script("history) echo '" + one_revision + R"(';;
        install) echo ready >&2; while [ ! -e $seen/go ]; do sleep 0.05; done;;)");
    auto s = settings();
    s.threads = 1;
    helm_engine engine(s);
    auto installing = std::async(std::launch::async, [&] { return install(engine); });
    CHECK(comes_true([&] { return !control->heard().empty(); }));
    CHECK(run_to_end(engine.history(where)).value().size() == 1);
    std::ofstream(helm.seen("go")) << "go";
    CHECK(installing.get().succeeded);
}

TEST_CASE_FIXTURE(fixture, "an engine that is stopped answers no question, and waits for none") {
    helm.script("history) echo $$ > $seen/asked-$$; sleep 1000;;");
    helm_engine engine(settings());
    auto asking = std::async(std::launch::async, [&] { return run_to_end(engine.history(where)); });
    CHECK(comes_true([&] { return helm.count_seen() == 1; }));
    engine.stop();
    CHECK(asking.get().error().code == errc::unavailable);
    CHECK(run_to_end(engine.values(where)).error().code == errc::unavailable);
    CHECK(helm.count_seen() == 1);
    check_clean();
}

TEST_CASE_FIXTURE(fixture, "what an operation asks waits behind nobody who looks") {
    helm.script(
        "history) if [ -e $seen/hang ]; then echo > $seen/asked-$$; sleep 1000; fi; echo '" +
        one_revision + "';;");
    std::ofstream(helm.seen("hang")) << "yes";
    helm_engine engine(settings());
    auto const look = [&] { return run_to_end(engine.history(where)); };
    std::vector<std::future<result<std::vector<release::revision>>>> looking;
    for (int i = 0; i < 3; ++i) looking.push_back(std::async(std::launch::async, look));
    CHECK(comes_true([&] { return helm.count_seen() == 1 + 2; }));
    std::filesystem::remove(helm.seen("hang"));
    auto of_operation = where;
    of_operation.for_operation = true;
    CHECK(run_to_end(engine.history(of_operation)).value().size() == 1);
    engine.stop();
    for (auto& one : looking) CHECK(one.get().error().code == errc::unavailable);
}

TEST_CASE_FIXTURE(fixture, "what a former process left behind goes at the start") {
    std::filesystem::create_directories(helm.runs() / "run-abc" / "home");
    std::filesystem::create_directories(helm.runs() / "other");
    helm_engine engine(settings());
    CHECK(!std::filesystem::exists(helm.runs() / "run-abc"));
    CHECK(std::filesystem::exists(helm.runs() / "other"));
    // A child that outlived its server made it anew.
    std::filesystem::create_directories(helm.runs() / "run-abc" / "cache");
    helm.script("install) exit 0;;");
    static_cast<void>(install(engine));
    CHECK(!std::filesystem::exists(helm.runs() / "run-abc"));
}

}  // namespace pilothouse::tests::engine_test
