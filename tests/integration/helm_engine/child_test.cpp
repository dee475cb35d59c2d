// A child by itself: deadlines, its end with its parent, what it inherits.
#include "release/helm/child_process.hpp"

#include "base/process_stat.hpp"
#include "tests/integration/helm_engine/stub_helm.hpp"
#include "tests/support/result_text.hpp"

#include <thread>

#include <fcntl.h>
#include <sys/wait.h>

namespace pilothouse::tests::child_test {

using namespace pilothouse::release::helm;

namespace {

using seconds = std::chrono::seconds;

program shell(std::string const& script) {
    static descriptor const nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    return {{"/bin/sh", "-c", script}, {"PATH=/usr/bin:/bin"}, "/", {nothing.get(), -1, -1}, {}};
}

child_watch within(seconds time) {
    child_watch watch;
    watch.deadline = std::chrono::steady_clock::now() + time;
    watch.grace = seconds(1);
    watch.output = {1000, 0};
    return watch;
}

}  // namespace

TEST_CASE("a child says what it has to say, and how it ended") {
    auto const end =
        run_child(shell("echo out; echo err >&2; exit 3"), within(seconds(60))).value();
    CHECK(end.exit_status == 3);
    CHECK(end.signal == 0);
    CHECK(end.asked == child_end::demand::none);
    CHECK(end.output.text() == "out\n");
    CHECK(end.errors.text() == "err\n");
}

TEST_CASE("a child that takes too long is asked to end, then ended") {
    auto const end = run_child(shell("exec sleep 1000"), within(seconds(0))).value();
    CHECK(end.asked == child_end::demand::deadline);
    CHECK(!end.killed);
    CHECK(end.signal == SIGTERM);
    auto const deaf =
        run_child(shell("trap '' TERM; while :; do sleep 0.05; done"), within(seconds(1))).value();
    CHECK(deaf.asked == child_end::demand::deadline);
    CHECK(deaf.killed);
    CHECK(deaf.signal == SIGKILL);
}

TEST_CASE("a child that floods us is held to its deadline too") {
    auto const end =
        run_child(shell("trap '' TERM; while :; do cat /dev/zero; done"), within(seconds(1)))
            .value();
    CHECK(end.killed);
    CHECK(!end.output.whole());
}

TEST_CASE("a program that cannot be started is told at once") {
    auto missing = shell("");
    missing.arguments[0] = "/nowhere/sh";
    CHECK(run_child(missing, within(seconds(60))).error().code == errc::unavailable);
    auto homeless = shell("");
    homeless.folder = "/nowhere";
    CHECK(run_child(homeless, within(seconds(60))).error().code == errc::unavailable);
}

TEST_CASE("a child ends when the thread that started it does, as when the server dies") {
    temp_dir folder;
    auto const file = (folder.path() / "number").string();
    // A process of its own in the server's part: it is killed in the midst of its waiting.
    pid_t const server = ::fork();
    REQUIRE(server >= 0);
    if (server == 0) {
        auto const script = "echo $$ >" + file + ".new; mv " + file + ".new " + file +
                            "; while :; do sleep 0.05; done";
        auto const end = run_child(shell(script), within(seconds(600)));
        ::_exit(end ? 0 : 1);
    }
    REQUIRE(comes_true([&] { return std::filesystem::exists(file); }));
    auto const child = std::stoll(text_of(file));
    CHECK(is_alive(child));
    ::kill(server, SIGKILL);
    REQUIRE(::waitpid(server, nullptr, 0) == server);
    CHECK(comes_true([&] { return !is_alive(child); }));
}

TEST_CASE("descriptors of ours that nobody closes at an exec do not reach the child") {
    int const open = ::open("/dev/null", O_RDONLY);  // on purpose without O_CLOEXEC
    int const high = ::fcntl(open, F_DUPFD, 500);
    auto const end = run_child(shell("ls /proc/self/fd"), within(seconds(60))).value();
    ::close(open);
    ::close(high);
    CHECK(end.output.text() == "0\n1\n2\n3\n");  // 3 is the folder that is listed
}

TEST_CASE("who watches a child is told its number and its start") {
    auto watch = within(seconds(60));
    release::operation_process told;
    watch.started = [&](release::operation_process process) {
        told = process;
        CHECK(read_process_stat(told.number).value().start_time == told.start_time);
    };
    CHECK(run_child(shell("exit 0"), watch).value().exit_status == 0);
    CHECK(told.number > 1);
    CHECK(told.start_time > 0);
}

TEST_CASE("many threads start children at once, and each gets its own words") {
    std::vector<std::thread> threads;
    std::mutex mutex;
    int good = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            for (int k = 0; k < 10; ++k) {
                auto const word = std::to_string(i) + "." + std::to_string(k);
                auto const end = run_child(shell("echo " + word), within(seconds(60)));
                std::lock_guard const lock(mutex);
                if (end && end->output.text() == word + "\n") ++good;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(good == 40);
}

}  // namespace pilothouse::tests::child_test
