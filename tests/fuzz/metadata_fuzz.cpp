// Chart.yaml: what is accepted is complete, can be rendered into the index on one line, and is
// accepted again when it is written out.
// Input: Chart.yaml, and behind a NUL byte, if there is one, requirements.yaml.
#include "chart/chart_metadata.hpp"
#include "chart/chart_name.hpp"
#include "chart/chart_version.hpp"
#include "index/entry_fragment.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    auto const end = std::min(text.find('\0'), text.size());
    auto const requirements = text.substr(std::min(end + 1, text.size()));
    auto const metadata = chart::parse_chart_metadata(text.substr(0, end), requirements);
    if (!metadata) {
        auto const code = metadata.error().code;
        fuzz::require(code == errc::invalid_metadata || code == errc::unacceptable_chart,
                      "the documented failures");
        fuzz::require(!metadata.error().detail.empty(), "a refusal says why");
        return 0;
    }
    fuzz::require(!metadata->name.empty() && !metadata->version.empty(), "a chart is named");
    fuzz::require(!metadata->api_version.empty(), "a chart has an API version");

    auto const line = index::render_fragment(*metadata, "a-1.tgz", sha256(text), instant());
    fuzz::require(std::none_of(line.begin(), line.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
                  "a fragment is one line without control characters");
    auto const again = chart::parse_chart_metadata(line);
    fuzz::require(again.has_value(), "a fragment is legal YAML, and a legal Chart.yaml");
    fuzz::require(again->name == metadata->name && again->version == metadata->version &&
                      again->description == metadata->description &&
                      again->annotations == metadata->annotations &&
                      again->keywords == metadata->keywords,
                  "and says the same");
    return 0;
}
