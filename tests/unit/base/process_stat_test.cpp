// What is read of a process, whatever it calls itself.
#include "base/process_stat.hpp"

#include <doctest/doctest.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace pilothouse::tests::process_stat_test {

TEST_CASE("a process runs, and keeps its start whatever its name is") {
    auto const before = read_process_stat(::getpid()).value();
    CHECK(before.start_time > 0);
    CHECK_FALSE(before.ended());
    char name[16] = {};
    REQUIRE(::prctl(PR_GET_NAME, name) == 0);
    REQUIRE(::prctl(PR_SET_NAME, ") Z 1 2 (") == 0);
    auto const renamed = read_process_stat(::getpid());
    REQUIRE(::prctl(PR_SET_NAME, name) == 0);
    REQUIRE(renamed);
    CHECK_FALSE(renamed->ended());
    CHECK(renamed->start_time == before.start_time);
}

TEST_CASE("a child has ended before anybody asked about it, and is none behind that") {
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(0);
    siginfo_t info{};
    REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
    auto const ended = read_process_stat(child);
    REQUIRE(ended);
    CHECK(ended->ended());
    CHECK(ended->start_time >= read_process_stat(::getpid())->start_time);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    CHECK_FALSE(read_process_stat(child));
}

TEST_CASE("what is no number of a process has no state") {
    CHECK_FALSE(read_process_stat(0));
    CHECK_FALSE(read_process_stat(-1));
    CHECK_FALSE(read_process_stat(std::int64_t{1} << 40));
}

}  // namespace pilothouse::tests::process_stat_test
