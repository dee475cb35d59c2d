// Processes are known again by number and start time.
#include "release/left_process.hpp"

#include "base/process_stat.hpp"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace pilothouse::tests::left_process_test {

using storage::operation_process;

namespace {

std::uint64_t start_time(pid_t process) { return read_process_stat(process).value().start_time; }

// A child that leads a group, and waits.
pid_t start_child() {
    int ready[2];
    if (::pipe(ready) != 0) return -1;
    auto const child = ::fork();
    if (child == 0) {
        ::signal(SIGTERM, SIG_DFL);
        ::setpgid(0, 0);
        if (::write(ready[1], "x", 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    char byte = 0;
    auto const told = ::read(ready[0], &byte, 1);
    ::close(ready[0]);
    ::close(ready[1]);
    return told == 1 ? child : -1;
}

}  // namespace

TEST_CASE("this process is alive, one of its number from another time is not") {
    operation_process self{::getpid(), start_time(::getpid())};
    CHECK(release::is_alive(self));
    ++self.start_time;
    CHECK_FALSE(release::is_alive(self));
    CHECK_FALSE(release::is_alive({0, 0}));
    CHECK_FALSE(release::is_alive({1, 0}));
    CHECK_FALSE(release::is_alive({-5, 0}));
    CHECK_FALSE(release::is_alive({std::int64_t{1} << 40, 0}));
}

TEST_CASE("a child is ended by its start time, and is not alive before anybody asked for its end") {
    auto const child = start_child();
    operation_process const process{child, start_time(child)};
    CHECK(release::is_alive(process));
    release::make_end({child, process.start_time + 1});  // somebody else's number
    CHECK(release::is_alive(process));
    release::ask_to_end(process);
    siginfo_t info{};
    CHECK(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
    CHECK(info.si_status == SIGTERM);
    CHECK_FALSE(release::is_alive(process));  // a zombie
    CHECK(::waitpid(child, nullptr, 0) == child);
}

}  // namespace pilothouse::tests::left_process_test
