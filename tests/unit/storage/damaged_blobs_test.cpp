// Blobs whose files were changed behind our back: never served, and whole again once put again.
#include "storage/fs/fs_blob_store.hpp"

#include "tests/contract/harness.hpp"
#include "tests/unit/storage/blob_folder.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::storage::fs::damaged_blobs_test {

namespace {

using tests::wait;

void write_file(path const& file, std::string const& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

void flip_bit(path const& file, std::uint64_t at) {
    std::fstream f(file, std::ios::binary | std::ios::in | std::ios::out);
    f.seekg(static_cast<std::streamoff>(at));
    auto const byte = static_cast<char>(f.get() ^ 1);
    f.seekp(static_cast<std::streamoff>(at));
    f.put(byte);
    REQUIRE(f.good());
}

std::string read_blob(blob const& b) {
    std::string bytes(b.size_bytes + 10, '\0');
    auto const count = ::pread(b.descriptor, bytes.data(), bytes.size(), 0);
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return bytes;
}

// One way to damage the file of a blob that holds `bytes`.
struct damage {
    char const* name;
    std::function<void(path const& file, std::string const& bytes)> apply;
};

std::vector<damage> const damages{
    {"first bit flipped", [](auto& file, auto&) { flip_bit(file, 0); }},
    {"last bit flipped", [](auto& file, auto& bytes) { flip_bit(file, bytes.size() - 1); }},
    {"one byte short",
     [](auto& file, auto& bytes) { std::filesystem::resize_file(file, bytes.size() - 1); }},
    {"empty", [](auto& file, auto&) { std::filesystem::resize_file(file, 0); }},
    {"one byte longer",
     [](auto& file, auto& bytes) { std::filesystem::resize_file(file, bytes.size() + 1); }},
    {"other bytes of the same size",
     [](auto& file, auto& bytes) { write_file(file, std::string(bytes.size(), '?')); }},
    {"unreadable",
     [](auto& file, auto&) {
         // Also for root, whom rights do not stop: a socket cannot be opened.
         std::filesystem::remove(file);
         REQUIRE(::mknod(file.c_str(), S_IFSOCK | 0600, 0) == 0);
     }},
    {"a pipe",
     [](auto& file, auto&) {
         std::filesystem::remove(file);
         REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
     }},
    {"a link to other bytes",
     [](auto& file, auto&) {
         auto const other = file.parent_path() / "other";
         write_file(other, "not for you");
         std::filesystem::remove(file);
         std::filesystem::create_symlink(other, file);
     }},
    {"a link to the right bytes",
     [](auto& file, auto& bytes) {
         auto const other = file.parent_path() / "other";
         write_file(other, bytes);
         std::filesystem::remove(file);
         std::filesystem::create_symlink(other, file);
     }},
    {"a link to nothing",
     [](auto& file, auto&) {
         std::filesystem::remove(file);
         std::filesystem::create_symlink(file.parent_path() / "nowhere", file);
     }},
};

// While this runs, no file can be opened.
task<void> put_without_descriptors(blob_store& blobs, staged_file file) {
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    rlimit const none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
    std::exception_ptr thrown;
    try {
        co_await blobs.put(std::move(file));
    } catch (...) {
        thrown = std::current_exception();
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
    if (thrown) std::rethrow_exception(thrown);
}

// Small ones are kept in memory, large ones are hashed in pieces.
std::vector<std::size_t> const sizes{5, blob::small_bytes_max, blob::small_bytes_max + 1,
                                     256 * 1024, 4 * 1024 * 1024 + 3};

template <class Check>
void for_each_damage(Check check) {
    for (auto const& d : damages) {
        for (auto const size : sizes) {
            CAPTURE(d.name);
            CAPTURE(size);
            std::string bytes(size, 'x');
            bytes.front() = 'a';
            blob_folder f;
            check(f, d, bytes);
        }
    }
}

}  // namespace

TEST_CASE("A damaged blob is not served: opening it throws, and names it") {
    for_each_damage([](blob_folder& f, damage const& d, std::string const& bytes) {
        wait(f.blobs.put(f.stage(bytes)));
        d.apply(f.where.blob(sha256(bytes)), bytes);
        std::string said;
        try {
            (void)wait(f.blobs.open(sha256(bytes)));
        } catch (std::runtime_error const& e) {
            said = e.what();
        }
        CHECK(said.find(sha256(bytes).hex().substr(2)) != std::string::npos);
        CHECK_THROWS_AS((void)wait(f.blobs.open(sha256(bytes))), std::runtime_error);
    });
}

TEST_CASE("Other bytes under its name are told by the whole digest") {
    blob_folder f;
    wait(f.blobs.put(f.stage("bytes")));
    flip_bit(f.where.blob(sha256("bytes")), 2);
    CHECK_THROWS_WITH_AS(
        (void)wait(f.blobs.open(sha256("bytes"))),
        doctest::Contains(("the blob " + sha256("bytes").hex() + " is damaged").c_str()),
        std::runtime_error);
}

TEST_CASE("A damaged blob is whole again once it is put again, however it was damaged") {
    for_each_damage([](blob_folder& f, damage const& d, std::string const& bytes) {
        auto const name = f.where.blob(sha256(bytes));
        wait(f.blobs.put(f.stage(bytes)));
        d.apply(name, bytes);
        f.time.advance(std::chrono::hours(1));
        wait(f.blobs.put(f.stage(bytes)));

        auto const found = wait(f.blobs.open(sha256(bytes)));
        REQUIRE(found);
        CHECK(read_blob(**found) == bytes);
        auto const listed = wait(f.blobs.list());
        REQUIRE(listed.size() == 1);
        CHECK(listed[0].size_bytes == bytes.size());
        CHECK(listed[0].stored == f.time.now());
        struct stat s{};
        REQUIRE(::lstat(name.c_str(), &s) == 0);
        CHECK(S_ISREG(s.st_mode));
        CHECK(s.st_nlink == 1);
        CHECK(std::filesystem::is_empty(f.where.staging()));
    });
}

TEST_CASE("A blob damaged while it is kept open is forgotten when it is put again") {
    blob_folder f;
    std::string const bytes(100'000, 'x');
    wait(f.blobs.put(f.stage(bytes)));
    REQUIRE(wait(f.blobs.open(sha256(bytes))));  // from now on it is kept
    flip_bit(f.where.blob(sha256(bytes)), 50'000);
    wait(f.blobs.put(f.stage(bytes)));
    auto const found = wait(f.blobs.open(sha256(bytes)));
    REQUIRE(found);
    CHECK(read_blob(**found) == bytes);
}

TEST_CASE("A put that cannot look at what is there fails, and takes nothing away") {
    blob_folder f;
    wait(f.blobs.put(f.stage("bytes")));
    CHECK_THROWS_AS(wait(put_without_descriptors(f.blobs, f.stage("bytes"))), std::system_error);
    auto const found = wait(f.blobs.open(sha256("bytes")));
    REQUIRE(found);
    CHECK((*found)->bytes == "bytes");
    CHECK(std::filesystem::is_empty(f.where.staging()));
}

TEST_CASE("What a link in the place of a blob leads to is left alone") {
    blob_folder f;
    auto const precious = f.dir.path() / "precious";
    write_file(precious, "mine");
    std::filesystem::create_symlink(precious, f.where.blob(sha256("bytes")));
    wait(f.blobs.put(f.stage("bytes")));
    CHECK(tests::read_whole(precious) == "mine");
    CHECK(tests::read_whole(f.where.blob(sha256("bytes"))) == "bytes");
}

TEST_CASE("A folder in the place of a blob is not removed: the put throws, and leaves no upload") {
    blob_folder f;
    auto const name = f.where.blob(sha256("bytes"));
    std::filesystem::create_directory(name);
    write_file(name / "precious", "mine");
    CHECK_THROWS_AS(wait(f.blobs.put(f.stage("bytes"))), std::system_error);
    CHECK(tests::read_whole(name / "precious") == "mine");
    CHECK(std::filesystem::is_empty(f.where.staging()));
}

}  // namespace pilothouse::storage::fs::damaged_blobs_test
