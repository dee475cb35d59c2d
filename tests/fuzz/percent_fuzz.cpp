// Percent-encoding: what is decoded can be encoded again, and the other way round.
#include "server/http/percent_encoding.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const text = fuzz::text_of(data, size);
    auto const encoded = http::percent_encode_segment(text);
    fuzz::require(http::percent_decode(encoded) == text, "decoding undoes encoding");
    fuzz::require(encoded.find_first_of("/?#+\r\n ") == std::string::npos,
                  "a segment stays one segment");
    if (auto const decoded = http::percent_decode(text)) {
        fuzz::require(decoded->size() <= text.size(), "decoding never grows");
        fuzz::require(http::percent_decode(http::percent_encode_segment(*decoded)) == decoded,
                      "what was decoded survives a second round");
    }
    return 0;
}
