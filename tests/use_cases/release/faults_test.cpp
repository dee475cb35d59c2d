// The n-th call of the stores fails, for each n: whatever was answered reaches a true end.
#include "tests/use_cases/release/yard.hpp"

namespace pilothouse::tests::faults_test {

using storage::operation_state;
using enum storage::release_status;

namespace {

constexpr fault all_faults[] = {fault::failure, fault::exception, fault::full, fault::lost};

std::vector<storage::operation_record> all_operations(yard& y) {
    return run_to_end(y.stores->operations().list({}, 0, 100));
}

}  // namespace

TEST_CASE("a request in whose midst a store fails is queued whole, or not at all") {
    for (auto const how : all_faults)
        for (int n = 1;; ++n) {
            yard y;
            y.push_demo();
            auto const g = y.use();
            y.faulty.fuse.blow_at(n, how);
            bool answered = false;
            try {
                answered = run_to_end(y.change.install(g, yard::installation())).has_value();
            } catch (std::exception const&) {
            }
            bool const made = y.faulty.fuse.calls() >= n;
            y.faulty.fuse.blow_at(0, how);
            auto const queued = all_operations(y);
            CAPTURE(n);
            if (answered) REQUIRE(queued.size() == 1);
            for (auto const& o : queued) {
                CHECK(outcome(y.finish(o.id)) == "done");
                CHECK(y.release_of(o.release).status == deployed);
            }
            if (!made) break;
        }
}

TEST_CASE("a run in whose midst a store fails ends truly, and its release can be used again") {
    for (auto const how : all_faults)
        for (int n = 1;; ++n) {
            yard y;
            auto const r = y.installed();
            auto const id = y.update(r.id)->operation.id;
            y.faulty.fuse.blow_at(n, how);
            auto const o = y.finish(id);
            bool const made = y.faulty.fuse.calls() >= n;
            y.faulty.fuse.blow_at(0, how);
            CAPTURE(n);
            CHECK(o.state == operation_state::done);
            auto const newest = y.history().back();
            // What it says is what is there.
            if (!o.error) {
                CHECK(newest == std::pair(2, deployed));
                CHECK(y.release_of(r.id).revision == 2);
            }
            CHECK(newest.second == deployed);
            CHECK(y.helm.calls.size() <= 1);
            CHECK(outcome(y.finish(y.update(r.id)->operation.id)) == "done");
            if (!made) break;
        }
}

}  // namespace pilothouse::tests::faults_test
