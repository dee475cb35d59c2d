// Versions: the key that SQL sorts by and the comparison of precedence agree.
// Input: two versions, one a line.
#include "chart/chart_version.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pilothouse;

namespace {

result<chart::chart_version> parse(std::string_view text) {
    auto version = chart::chart_version::parse(text);
    if (version) {
        fuzz::require(version->text() == text, "a version is kept as written");
        fuzz::require(text.size() <= 250, "a version is short");
        fuzz::require(version->compare_precedence(*version) == 0, "it is as good as itself");
    } else {
        fuzz::require(version.error().code == errc::unacceptable_chart, "the documented failure");
    }
    return version;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    auto const a = parse(fuzz::take_line(rest));
    auto const b = parse(fuzz::take_line(rest));
    if (!a || !b) return 0;
    auto const order = a->compare_precedence(*b);
    fuzz::require(b->compare_precedence(*a) == (0 <=> order), "the order is antisymmetric");
    auto const keys = a->precedence_key().compare(b->precedence_key());
    fuzz::require((keys <=> 0) == order, "keys are ordered as versions are");
    return 0;
}
