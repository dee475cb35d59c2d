// Ranges of versions: what is read is spelled so that it is read again, as the same.
// Input: a range, and a version on the next line.
#include "chart/version_range.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    auto const range = chart::version_range::parse(fuzz::take_line(rest));
    if (!range) {
        fuzz::require(range.error().code == errc::invalid_argument, "the documented failure");
        return 0;
    }
    auto const again = chart::version_range::parse(range->text());
    // Spelling out what was left out may make it longer than a range may be.
    if (!again) fuzz::require(range->text().size() > 512, "its own spelling is read");
    auto const version = chart::chart_version::parse(fuzz::take_line(rest));
    if (!again || !version) return 0;
    fuzz::require(again->text() == range->text(), "one spelling");
    fuzz::require(again->contains(*version) == range->contains(*version), "one meaning");
    return 0;
}
