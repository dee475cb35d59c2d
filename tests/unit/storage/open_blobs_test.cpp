#include "storage/fs/open_blobs.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::storage::fs::open_blobs_test {

namespace {

std::shared_ptr<blob const> some_blob() { return std::make_shared<blob>(); }

}  // namespace

TEST_CASE("The least recently used blob makes room") {
    open_blobs kept(2);
    kept.keep(sha256("a"), some_blob(), kept.epoch());
    kept.keep(sha256("b"), some_blob(), kept.epoch());
    CHECK(kept.find(sha256("a")));
    kept.keep(sha256("c"), some_blob(), kept.epoch());
    CHECK(kept.find(sha256("a")));
    CHECK_FALSE(kept.find(sha256("b")));
    CHECK(kept.find(sha256("c")));
}

TEST_CASE("The first of two that kept the same digest stays") {
    open_blobs kept(2);
    auto const first = some_blob();
    kept.keep(sha256("a"), first, kept.epoch());
    kept.keep(sha256("a"), some_blob(), kept.epoch());
    CHECK(kept.find(sha256("a")) == first);
}

TEST_CASE("What is forgotten is not found, also when it was opened before and kept after") {
    open_blobs kept(2);
    auto const epoch = kept.epoch();
    kept.forget(sha256("a"));
    kept.keep(sha256("a"), some_blob(), epoch);
    CHECK_FALSE(kept.find(sha256("a")));
    kept.keep(sha256("a"), some_blob(), kept.epoch());
    CHECK(kept.find(sha256("a")));
    kept.forget(sha256("a"));
    CHECK_FALSE(kept.find(sha256("a")));
}

TEST_CASE("Without room nothing is kept") {
    open_blobs kept(0);
    kept.keep(sha256("a"), some_blob(), kept.epoch());
    CHECK_FALSE(kept.find(sha256("a")));
}

}  // namespace pilothouse::storage::fs::open_blobs_test
