// The contract of storage::blob_store.
#include "storage/blob_store.hpp"

#include "tests/contract/harness.hpp"

#include <fcntl.h>

#include <stdexcept>
#include <string>
#include <thread>

namespace pilothouse::tests::blob_store_test {

namespace {

std::string read_descriptor(storage::blob const& b) {
    std::string bytes(b.size_bytes + 10, '\0');
    auto const count = ::pread(b.descriptor, bytes.data(), bytes.size(), 0);
    bytes.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return bytes;
}

}  // namespace

TEST_CASE_TEMPLATE("A blob put is found under its digest, with its bytes", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    for (std::size_t const length : {0u, 1u, 16u * 1024, 16u * 1024 + 1, 300'000u}) {
        CAPTURE(length);
        std::string const bytes(length, 'x');
        wait(stores->blobs().put(stage(*stores, bytes)));
        for (int again = 0; again < 2; ++again) {
            auto const found = wait(stores->blobs().open(sha256(bytes)));
            REQUIRE(found);
            CHECK((*found)->size_bytes == length);
            CHECK(read_descriptor(**found) == bytes);
            bool const small = length <= storage::blob::small_bytes_max;
            CHECK((*found)->bytes == (small ? bytes : std::string()));
        }
    }
}

TEST_CASE_TEMPLATE("A blob that nobody put is not found", Adapter, PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const found = wait(stores->blobs().open(sha256("nobody")));
    REQUIRE_FALSE(found);
    CHECK(found.error().code == errc::not_found);
    CHECK_FALSE(wait(stores->blobs().remove(sha256("nobody"))));
    CHECK(wait(stores->blobs().list()).empty());
}

TEST_CASE_TEMPLATE("A removed blob is gone for new readers and stays for old ones", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    wait(stores->blobs().put(stage(*stores, "bytes")));
    auto const held = wait(stores->blobs().open(sha256("bytes")));
    REQUIRE(held);
    CHECK(wait(stores->blobs().remove(sha256("bytes"))));
    CHECK_FALSE(wait(stores->blobs().open(sha256("bytes"))));
    CHECK_FALSE(wait(stores->blobs().remove(sha256("bytes"))));
    CHECK(read_descriptor(**held) == "bytes");
}

TEST_CASE_TEMPLATE("Putting a digest again keeps one blob and renews its time", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    auto const first = stores.time.now();
    wait(stores->blobs().put(stage(*stores, "same")));
    auto listed = wait(stores->blobs().list());
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].digest == sha256("same"));
    CHECK(listed[0].size_bytes == 4);
    CHECK(listed[0].stored == first);

    stores.time.advance(std::chrono::hours(2));
    wait(stores->blobs().put(stage(*stores, "same")));
    listed = wait(stores->blobs().list());
    REQUIRE(listed.size() == 1);
    CHECK(listed[0].stored == first + std::chrono::hours(2));
}

TEST_CASE("A blob damaged between two runs is an error until it is put again") {
    opened<folder_adapter> stores;
    std::string const bytes(4 * 1024 * 1024, 'x');
    auto const hex = sha256(bytes).hex();
    wait(stores->blobs().put(stage(*stores, bytes)));
    REQUIRE(wait(stores->blobs().open(sha256(bytes))));
    std::filesystem::resize_file(
        stores.directory.path() / "data" / "blobs" / hex.substr(0, 2) / hex.substr(2), 1'000'000);
    stores.reopen();
    CHECK_THROWS_WITH_AS((void)wait(stores->blobs().open(sha256(bytes))),
                         doctest::Contains(hex.c_str()), std::runtime_error);
    wait(stores->blobs().put(stage(*stores, bytes)));
    auto const found = wait(stores->blobs().open(sha256(bytes)));
    REQUIRE(found);
    CHECK(read_descriptor(**found) == bytes);
}

TEST_CASE_TEMPLATE("Many threads may put the same bytes and others at once", Adapter,
                   PILOTHOUSE_ADAPTERS) {
    opened<Adapter> stores;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&stores, t] {
            for (int i = 0; i < 10; ++i) {
                wait(stores->blobs().put(stage(*stores, "shared " + std::to_string(i))));
                auto const own = std::to_string(t) + " own " + std::to_string(i);
                wait(stores->blobs().put(stage(*stores, own)));
                (void)wait(stores->blobs().open(sha256(own)));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    CHECK(wait(stores->blobs().list()).size() == 10 + 8 * 10);
}

}  // namespace pilothouse::tests::blob_store_test
