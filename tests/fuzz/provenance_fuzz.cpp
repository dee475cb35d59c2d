// Provenance files: what is read holds together.
#include "chart/provenance.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const provenance = chart::parse_provenance(fuzz::text_of(data, size));
    if (!provenance) {
        fuzz::require(provenance.error().code == errc::invalid_provenance,
                      "the documented failure");
        fuzz::require(!provenance.error().detail.empty(), "a refusal says why");
        return 0;
    }
    fuzz::require(size <= chart::provenance_bytes_max, "a provenance file is small");
    fuzz::require(!provenance->files.empty(), "it names a file");
    for (auto const& [name, digest] : provenance->files) {
        fuzz::require(chart::check_provenance(*provenance, name, digest).has_value(),
                      "it speaks for each file that it names");
        fuzz::require(chart::check_provenance(*provenance, name, sha256("other")).has_error() ||
                          digest == sha256("other"),
                      "with this digest alone");
    }
    return 0;
}
