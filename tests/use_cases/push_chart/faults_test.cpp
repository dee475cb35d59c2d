// Every call that a push makes on its stores fails once: the chart is wholly there or wholly not.
#include "tests/support/demo_chart.hpp"
#include "tests/use_cases/house.hpp"

#include <exception>

namespace pilothouse::tests::faults_test {

namespace {

// What a door makes of it: an answer, or an exception that is one of the kinds it knows.
bool pushed(house& h, std::string const& archive, std::string const& provenance) {
    try {
        return h.push(archive, provenance).has_value();
    } catch (std::runtime_error const&) {
        return false;
    }
}

}  // namespace

TEST_CASE("whichever call on the stores fails, a pushed chart is wholly there or wholly not") {
    auto const archive = demo_chart("demo", "1.0.0");
    auto const provenance = demo_provenance("demo", "1.0.0", archive);
    for (auto const how : {fault::failure, fault::exception, fault::full, fault::lost}) {
        for (int nth = 1;; ++nth) {
            CAPTURE(nth);
            house h;
            h.faulty.fuse.blow_at(nth, how);
            bool const answered = pushed(h, archive, provenance);
            bool const all_calls_passed = h.faulty.fuse.calls() < nth;
            h.faulty.fuse.blow_at(0, how);

            auto const pulled = h.pull_archive("demo-1.0.0.tgz");
            CHECK(h.versions_in_index() == (pulled ? 1 : 0));
            if (answered) CHECK(pulled);
            if (pulled) CHECK(pulled->content->size_bytes == archive.size());

            // Nothing is in the way of the next try, and what is left over is collected.
            CHECK(pushed(h, archive, provenance));
            h.time.advance(std::chrono::hours(2));
            h.collect_garbage(std::chrono::hours(1));
            CHECK(h.blob_count() == 2);
            if (all_calls_passed) break;
        }
    }
}

}  // namespace pilothouse::tests::faults_test
