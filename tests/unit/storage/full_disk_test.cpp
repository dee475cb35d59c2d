// A disk that is full, as the kernel says it: here by a limit on the size of files.
#include "storage/open.hpp"
#include "tests/contract/harness.hpp"

#include <sys/resource.h>

#include <csignal>
#include <string>

namespace pilothouse::tests::full_disk_test {

namespace {

// While it lives, writing past `bytes` of any file fails.
class file_size_limit {
public:
    explicit file_size_limit(rlim_t bytes) {
        std::signal(SIGXFSZ, SIG_IGN);
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        rlimit const lower{bytes, before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &lower) == 0);
    }
    ~file_size_limit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, SIG_DFL);
    }
    file_size_limit(file_size_limit const&) = delete;
    file_size_limit& operator=(file_size_limit const&) = delete;

private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("An upload that finds the disk full is told so, and leaves nothing") {
    opened<folder_adapter> stores;
    {
        file_size_limit const limit(100'000);
        auto writer = wait(stores->staging().create());
        CHECK_THROWS_AS(wait(writer->write(std::string(200'000, 'x'))), storage_full);
    }
    wait(stores->blobs().put(stage(*stores, std::string(200'000, 'x'))));
}

TEST_CASE("With a full disk changes say so, reading goes on, and room brings all back") {
    opened<folder_adapter> stores;
    auto const project = make_project(*stores);
    auto const add = [&](int n) {
        auto entry = make_entry("tide", n, std::to_string(n));
        entry.fragment += std::string(50'000, ' ');
        return wait(stores->catalogue().add(project.id, "stable", std::move(entry),
                                            storage::on_duplicate::refuse));
    };
    REQUIRE(add(1));
    auto const log = stores.directory.path() / "data" / "pilothouse.db-wal";
    {
        file_size_limit const limit(std::filesystem::file_size(log) + 1);
        for (int again = 0; again < 3; ++again) CHECK_THROWS_AS((void)add(2), storage_full);
        CHECK(wait(stores->catalogue().find(project.id, "stable", "tide-1.1.0.tgz")));
        CHECK(stores.seen.changes().size() == 1);
    }
    REQUIRE(add(2));
    CHECK(stores.seen.changes().back().generation == 2);
}

}  // namespace pilothouse::tests::full_disk_test
