#include "storage/fs/layout.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::storage::fs::layout_test {

TEST_CASE("A blob lies in the folder of its first byte, under the rest of its digest") {
    layout const where{"/data"};
    auto const digest = sha256("");
    CHECK(where.blob(digest).string() ==
          "/data/blobs/e3/b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(where.blob(digest).parent_path() == where.blobs_in(0xe3));
    CHECK(where.blobs_in(0).string() == "/data/blobs/00");
    CHECK(where.blobs_in(255).string() == "/data/blobs/ff");
}

TEST_CASE("Everything lies in the data folder") {
    layout const where{"/data"};
    for (auto const& file : {where.version(), where.lock(), where.database(), where.staging(),
                             where.blobs(), where.control_socket(), where.address()}) {
        CAPTURE(file.string());
        CHECK(file.parent_path() == "/data");
        CHECK(file.has_filename());
    }
}

}  // namespace pilothouse::storage::fs::layout_test
