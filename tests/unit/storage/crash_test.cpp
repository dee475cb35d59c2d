// Processes killed in the middle of their pushes.
#include "storage/open.hpp"
#include "tests/contract/harness.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <cstdlib>
#include <string>

namespace pilothouse::tests::crash_test {

namespace {

std::string bytes_of(int n) { return "archive " + std::to_string(n) + std::string(20'000, '.'); }

// Pushes version after version, and writes a byte after each that was answered. Never returns.
[[noreturn]] void push_for_ever(std::filesystem::path const& folder, storage::project_id project,
                                int from, int answers) {
    fake_clock time;
    blocking_pool files("files", {2, 16});
    auto stores = storage::open(storage::folder_backend{folder}, files, time);
    if (!stores) std::_Exit(1);
    for (int n = from;; ++n) {
        wait((*stores)->blobs().put(stage(**stores, bytes_of(n))));
        auto const made = wait((*stores)->catalogue().add(
            project, "stable", make_entry("tide", n, bytes_of(n)), storage::on_duplicate::refuse));
        if (!made || ::write(answers, "+", 1) != 1) std::_Exit(1);
    }
}

// Returns how many answers the process gave before it was killed, `enough` at least.
int push_and_kill(std::filesystem::path const& folder, storage::project_id project, int from,
                  int enough) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_t const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        push_for_ever(folder, project, from, ends[1]);
    }
    ::close(ends[1]);
    int answers = 0;
    char byte = 0;
    while (answers < enough && ::read(ends[0], &byte, 1) == 1) ++answers;
    REQUIRE(answers == enough);
    REQUIRE(::kill(child, SIGKILL) == 0);
    while (::read(ends[0], &byte, 1) == 1) ++answers;
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    return answers;
}

}  // namespace

TEST_CASE("After a kill every answered push is whole, and no row lacks its blob") {
    temp_dir dir;
    auto const folder = dir.path() / "data";
    fake_clock time;
    storage::project_id project;
    {
        blocking_pool files("files", {1, 16});
        auto stores = storage::open(storage::folder_backend{folder}, files, time);
        REQUIRE(stores);
        project = make_project(**stores).id;
    }
    int present = 0;  // versions 0 to present−1 are there
    for (int const enough : {1, 2, 3, 5, 8, 13, 4, 7}) {
        CAPTURE(enough);
        int const answered = push_and_kill(folder, project, present, enough);

        blocking_pool files("files", {1, 16});
        recorder seen;
        auto stores = storage::open(storage::folder_backend{folder}, files, time, &seen, nullptr);
        REQUIRE(stores);
        CHECK(std::filesystem::is_empty(folder / "staging"));
        auto const listed = wait((*stores)->catalogue().list(project, "stable", std::nullopt));
        auto const count = static_cast<int>(listed.size());
        CHECK(count >= present + answered);
        CHECK(count <= present + answered + 1);  // one more may be durable and unanswered
        for (auto const& entry : listed) {
            auto const blob = wait((*stores)->blobs().open(entry.digest));
            REQUIRE(blob);
            CHECK((*blob)->size_bytes == entry.size_bytes);
        }
        auto const record =
            wait((*stores)->catalogue().scan(project, "stable", [](auto const&) {}));
        REQUIRE(record);
        CHECK(record->generation == count);
        CHECK(record->versions == count);
        present = count;
    }
    check_nothing_left(folder);
}

}  // namespace pilothouse::tests::crash_test
