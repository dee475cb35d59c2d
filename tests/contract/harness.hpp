// Opens each adapter for the contract suites, and checks at the end that nothing is left behind.
#pragma once

#include "base/runtime.hpp"
#include "storage/open.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// Each adapter says how it is opened in a folder of the test's.
struct memory_adapter {
    static storage::backend backend(std::filesystem::path const&) {
        return storage::memory_backend{};
    }
};
struct folder_adapter {
    static storage::backend backend(std::filesystem::path const& folder) {
        return storage::folder_backend{folder / "data"};
    }
};
#define PILOTHOUSE_ADAPTERS pilothouse::tests::memory_adapter, pilothouse::tests::folder_adapter

template <class T>
T wait(task<T> t) {
    return run_to_end(std::move(t));
}

// An index_change that outlives its call.
struct told {
    storage::index_change::kind what;
    storage::project_id project;
    std::string channel;
    storage::generation generation;
    instant generated;
    std::string chart, version;
    instant created;
    std::string fragment;
    bool more;
};

class recorder final : public storage::catalogue_observer, public storage::directory_observer {
public:
    void changed(storage::index_change const& c) noexcept override {
        std::lock_guard lock(mutex_);
        changes_.push_back({c.what, c.project, std::string(c.channel), c.generation, c.generated,
                            std::string(c.chart), std::string(c.version), c.created,
                            std::string(c.fragment), c.more});
    }
    void directory_changed() noexcept override {
        std::lock_guard lock(mutex_);
        ++directory_changes_;
    }
    [[nodiscard]] std::vector<told> changes() const {
        std::lock_guard lock(mutex_);
        return changes_;
    }
    [[nodiscard]] int directory_changes() const {
        std::lock_guard lock(mutex_);
        return directory_changes_;
    }

private:
    mutable std::mutex mutex_;
    std::vector<told> changes_;
    int directory_changes_ = 0;
};

inline std::ptrdiff_t open_descriptors() {
    std::filesystem::directory_iterator const all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

inline std::string read_whole(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// What a folder may hold once its stores are closed: no upload, no log, and whole blobs only.
inline void check_nothing_left(std::filesystem::path const& folder) {
    CHECK(std::filesystem::is_empty(folder / "staging"));
    CHECK_FALSE(std::filesystem::exists(folder / "pilothouse.db-wal"));
    for (auto const& item : std::filesystem::recursive_directory_iterator(folder / "blobs")) {
        if (item.is_directory()) continue;
        auto const name =
            item.path().parent_path().filename().string() + item.path().filename().string();
        CHECK(sha256(read_whole(item.path())).hex() == name);
    }
}

// Stores of one adapter, open.
template <class Adapter>
class opened {
public:
    opened() { open(); }
    ~opened() {
        stores_.reset();
        files.drain();
        auto const folder = directory.path() / "data";
        if (std::filesystem::exists(folder)) check_nothing_left(folder);
        CHECK(open_descriptors() == descriptors_before_);
    }
    opened(opened const&) = delete;
    opened& operator=(opened const&) = delete;

    storage::stores* operator->() const { return stores_.get(); }
    storage::stores& operator*() const { return *stores_; }

    // As after a restart. What the memory adapter held is gone.
    void reopen() {
        stores_.reset();
        open();
    }

    temp_dir directory;
    fake_clock time;
    recorder seen;
    blocking_pool files{"files", {2, 1024}};

private:
    void open() {
        auto made = storage::open(Adapter::backend(directory.path()), files, time, &seen, &seen);
        REQUIRE(made);
        stores_ = std::move(*made);
    }
    std::ptrdiff_t descriptors_before_ = open_descriptors();
    std::unique_ptr<storage::stores> stores_;
};

inline storage::project_record make_project(storage::stores& s, std::string path = "grp/app") {
    storage::project_record p;
    p.path = std::move(path);
    auto made = wait(s.projects().create(std::move(p)));
    REQUIRE(made);
    return *made;
}

inline storage::user_record make_user(storage::stores& s, std::string name = "ada") {
    storage::user_record u;
    u.username = std::move(name);
    auto made = wait(s.users().create(std::move(u)));
    REQUIRE(made);
    return *made;
}

inline storage::group_record make_group(storage::stores& s, std::string path,
                                        storage::user_id creator = {}) {
    storage::group_record g;
    g.path = std::move(path);
    auto made = wait(s.groups().create(std::move(g), creator));
    REQUIRE(made);
    return *made;
}

inline storage::membership as(storage::role r, std::optional<instant> expires = {}) {
    storage::membership m;
    m.role = r;
    m.expires = expires;
    return m;
}

inline storage::user_record unknown_user() {
    storage::user_record u;
    u.id = {999};
    u.username = "nobody";
    return u;
}

// A version "1.<n>.0" of a chart, whose archive has these bytes.
inline storage::catalogue_entry make_entry(std::string chart, int n, std::string const& bytes) {
    storage::catalogue_entry e;
    e.chart = std::move(chart);
    e.version = "1." + std::to_string(n) + ".0";
    e.precedence_key = std::string("key") + static_cast<char>(n / 100) + static_cast<char>(n % 100);
    e.file_name = e.chart + "-" + e.version + ".tgz";
    e.digest = sha256(bytes);
    e.size_bytes = bytes.size();
    e.content = sha256("content of " + bytes);
    e.created = from_nanoseconds(1'000 + n);
    e.created_by = 7;
    e.fragment = R"({"name":")" + e.chart + R"(","version":")" + e.version + R"("})";
    return e;
}

inline storage::staged_file stage(storage::stores& s, std::string const& bytes) {
    auto writer = wait(s.staging().create());
    wait(writer->write(bytes));
    return wait(writer->finish());
}

}  // namespace pilothouse::tests
