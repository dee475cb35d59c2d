#include "tests/support/faulty_stores.hpp"

#include "base/busy.hpp"
#include "tests/contract/harness.hpp"

#include <string>

namespace pilothouse::tests::faulty_stores_test {

TEST_CASE("Exactly the n-th call fails, in the way that was asked for") {
    opened<memory_adapter> stores;
    faulty_stores faulty(*stores);
    make_project(faulty, "grp/one");
    CHECK(faulty.fuse.calls() == 1);

    faulty.fuse.blow_at(2, fault::failure);
    CHECK(wait(faulty.projects().find("grp/one")));
    CHECK(wait(faulty.projects().find("grp/one")).error().code == errc::unavailable);
    CHECK(wait(faulty.projects().find("grp/one")));
    CHECK(faulty.fuse.calls() == 3);

    faulty.fuse.blow_at(1, fault::failure);
    CHECK_THROWS_AS((void)wait(faulty.projects().list()), busy);
    faulty.fuse.blow_at(1, fault::exception);
    CHECK_THROWS_AS((void)wait(faulty.projects().find("grp/one")), std::runtime_error);
    faulty.fuse.blow_at(1, fault::full);
    CHECK_THROWS_AS((void)wait(faulty.settings().get("key")), storage_full);
}

TEST_CASE("A call that fails was not made; one whose answer is lost was") {
    opened<memory_adapter> stores;
    faulty_stores faulty(*stores);
    faulty.fuse.blow_at(1, fault::full);
    CHECK_THROWS_AS(wait(faulty.settings().set("key", "1")), storage_full);
    CHECK_FALSE(wait(stores->settings().get("key")));
    faulty.fuse.blow_at(1, fault::lost);
    CHECK_THROWS_AS(wait(faulty.settings().set("key", "2")), std::runtime_error);
    CHECK(wait(stores->settings().get("key")) == "2");
}

TEST_CASE("The steps of an upload are calls like the others") {
    opened<folder_adapter> stores;
    faulty_stores faulty(*stores);
    for (int n = 1; n <= 4; ++n) {
        faulty.fuse.blow_at(n, fault::exception);
        auto const upload = [&] { wait(faulty.blobs().put(stage(faulty, "bytes"))); };
        CHECK_THROWS_AS(upload(), std::runtime_error);
        CHECK(faulty.fuse.calls() == n);
        CHECK(wait(stores->blobs().list()).empty());
    }
}

}  // namespace pilothouse::tests::faulty_stores_test
