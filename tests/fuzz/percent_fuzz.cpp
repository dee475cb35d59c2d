// Percent-encoding: what is decoded can be encoded again, and the other way round.
#include "base/percent_encoding.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    auto const encoded = percent_encode(text);
    fuzz::require(percent_decode(encoded) == text, "decoding undoes encoding");
    fuzz::require(encoded.find_first_of("/?#+\r\n ") == std::string::npos,
                  "a segment stays one segment");
    if (auto const decoded = percent_decode(text)) {
        fuzz::require(decoded->size() <= text.size(), "decoding never grows");
        fuzz::require(percent_decode(percent_encode(*decoded)) == decoded,
                      "what was decoded survives a second round");
    }
    return 0;
}
