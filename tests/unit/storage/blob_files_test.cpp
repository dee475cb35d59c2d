// What fs_blob_store does with files that it did not make, and with a pool that is full.
#include "storage/fs/fs_blob_store.hpp"

#include "base/busy.hpp"
#include "tests/contract/harness.hpp"
#include "tests/unit/storage/blob_folder.hpp"

#include <sys/stat.h>

#include <fstream>
#include <semaphore>
#include <string>

namespace pilothouse::storage::fs::blob_files_test {

namespace {

using tests::wait;

}  // namespace

TEST_CASE("A link in the place of a blob is not followed") {
    blob_folder f;
    auto const secret = f.dir.path() / "secret";
    std::ofstream(secret) << "not for you";
    std::filesystem::create_symlink(secret, f.where.blob(sha256("x")));
    CHECK_THROWS_AS((void)wait(f.blobs.open(sha256("x"))), std::system_error);
    CHECK(wait(f.blobs.list()).empty());
}

TEST_CASE("A folder or a pipe in the place of a blob is an error, and does not hang") {
    blob_folder f;
    std::filesystem::create_directory(f.where.blob(sha256("x")));
    CHECK_THROWS_AS((void)wait(f.blobs.open(sha256("x"))), std::system_error);
    REQUIRE(::mkfifo(f.where.blob(sha256("y")).c_str(), 0600) == 0);
    CHECK_THROWS_AS((void)wait(f.blobs.open(sha256("y"))), std::system_error);
    CHECK(wait(f.blobs.list()).empty());
}

TEST_CASE("Files that are no blobs are not listed") {
    blob_folder f;
    wait(f.blobs.put(f.stage("a blob")));
    std::ofstream(f.where.blobs_in(0) / "lost+found") << "?";
    std::ofstream(f.where.blobs_in(0) / std::string(62, 'G')) << "?";
    auto const all = wait(f.blobs.list());
    REQUIRE(all.size() == 1);
    CHECK(all[0].digest == sha256("a blob"));
}

TEST_CASE("A whole blob that is there already is never overwritten") {
    blob_folder f;
    wait(f.blobs.put(f.stage("bytes")));
    auto const name = f.where.blob(sha256("bytes"));
    struct stat before{}, after{};
    REQUIRE(::stat(name.c_str(), &before) == 0);
    wait(f.blobs.put(f.stage("bytes")));
    REQUIRE(::stat(name.c_str(), &after) == 0);
    CHECK(before.st_ino == after.st_ino);
    CHECK(after.st_nlink == 1);
}

TEST_CASE("A put that fails throws, and leaves neither blob nor upload") {
    blob_folder f;
    auto file = f.stage("bytes");
    std::filesystem::remove(
        f.where.blobs_in(static_cast<unsigned char>(sha256("bytes").bytes()[0])));
    CHECK_THROWS_AS(wait(f.blobs.put(std::move(file))), std::system_error);
    CHECK(std::filesystem::is_empty(f.where.staging()));
    CHECK_FALSE(wait(f.blobs.open(sha256("bytes"))));
}

TEST_CASE("A full pool is busy, or unavailable where the port can say so") {
    blob_folder f;
    auto file = f.stage("bytes");
    std::binary_semaphore begun(0), go_on(0);
    REQUIRE(f.files.try_post([&] {
        begun.release();
        go_on.acquire();
    }));
    begun.acquire();
    REQUIRE(f.files.try_post([] {}));
    CHECK_THROWS_AS(wait(f.blobs.put(std::move(file))), busy);
    CHECK_THROWS_AS((void)wait(f.blobs.remove(sha256("bytes"))), busy);
    CHECK_THROWS_AS((void)wait(f.blobs.list()), busy);
    auto const refused = wait(f.blobs.open(sha256("bytes")));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::unavailable);
    auto writer = wait(f.staging.create());
    wait(writer->write("a little"));
    CHECK_THROWS_AS((void)wait(writer->finish()), busy);
    go_on.release();
    f.files.drain();
    writer.reset();
    CHECK(std::filesystem::is_empty(f.where.staging()));
}

}  // namespace pilothouse::storage::fs::blob_files_test
