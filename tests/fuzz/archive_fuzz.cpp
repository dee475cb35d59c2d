// Archives: however the bytes arrive, the verdict is the same, and it is a documented one.
// Input: a .tgz; anything else is taken for a tar and compressed first, since a fuzzer cannot guess
// checksums.
#include "chart/inspection.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace pilothouse;

namespace {

// Small, so that the fuzzer reaches them.
constexpr chart::inspection_limits limits{.unpacked_bytes = 64 * 1024,
                                          .file_bytes = 16 * 1024,
                                          .entries = 50,
                                          .path_bytes = 300,
                                          .metadata_bytes = 4096};

std::string compress(std::string_view plain) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;
    fuzz::require(
        deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) == Z_OK,
        "zlib starts");
    std::vector<unsigned char> in(plain.begin(), plain.end());
    std::string out(deflateBound(&stream, static_cast<uLong>(in.size())), '\0');
    stream.next_in = in.data();
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    fuzz::require(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib compresses");
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

chart::byte_source in_pieces(std::string_view bytes, std::size_t piece) {
    return [bytes, piece](std::span<char> into) mutable {
        auto const taken = bytes.substr(0, std::min(piece, into.size()));
        std::copy(taken.begin(), taken.end(), into.begin());
        bytes.remove_prefix(taken.size());
        return taken.size();
    };
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string bytes(fuzz::text_of(data, size));
    if (!bytes.starts_with("\x1f\x8b")) bytes = compress(bytes);
    auto const whole = chart::inspect(in_pieces(bytes, bytes.size()), limits);
    auto const pieces = chart::inspect(in_pieces(bytes, 7), limits);
    fuzz::require(whole.has_value() == pieces.has_value(), "one verdict");
    if (!whole) {
        auto const code = whole.error().code;
        fuzz::require(code == errc::invalid_archive || code == errc::invalid_metadata ||
                          code == errc::unacceptable_chart,
                      "the documented failures");
        fuzz::require(code == pieces.error().code, "for one reason");
        fuzz::require(!whole.error().detail.empty(), "a refusal says why");
        return 0;
    }
    fuzz::require(whole->name == pieces->name && whole->version == pieces->version &&
                      whole->content == pieces->content,
                  "one content");
    fuzz::require(whole->name.text() == whole->metadata.name, "the name is Chart.yaml's");
    fuzz::require(whole->version.text() == whole->metadata.version, "and the version");
    return 0;
}
