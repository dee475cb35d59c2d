// Indexes of chart repositories that others run: no more entries than asked for, each whole or with
// a fault.
#include "tests/fuzz/fuzz.hpp"
#include "transfer/foreign_index.hpp"

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    constexpr std::size_t entries_max = 64;
    auto const index = transfer::read_foreign_index(fuzz::text_of(data, size), entries_max);
    if (!index) {
        fuzz::require(index.error().code == errc::invalid_argument, "the documented failure");
        fuzz::require(!index.error().detail.empty(), "it says what is wrong");
        return 0;
    }
    fuzz::require(index->size() <= entries_max, "the limit");
    for (auto const& entry : *index) {
        if (!entry.fault.empty()) continue;
        fuzz::require(!entry.chart.empty() && !entry.version.empty(), "a name and a version");
        fuzz::require(!entry.url.empty(), "an address");
    }
    return 0;
}
