// Requests: a head is understood as soon as it is whole, and never two ways.
// Input: what a connection receives, as it is.
#include "server/http/request_parser.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string>

using namespace pilothouse;
using http::request_parser;
using progress = request_parser::progress;

namespace {

constexpr request_parser::bounds bounds{
    .header_bytes = 512, .target_bytes = 128, .fields = 10, .chunk_extension_bytes = 16};

void judge(http::request_head const& head) {
    fuzz::require(head.path.starts_with('/'), "a path begins with a slash");
    fuzz::require(head.path.find_first_of("?# \r\n") == std::string_view::npos, "and is a path");
    fuzz::require(!(head.chunked && head.content_length), "a body has one length");
    fuzz::require(head.count("Content-Length") <= 1, "told once");
    fuzz::require(head.count("Transfer-Encoding") <= 1, "or in one way");
    fuzz::require(head.chunked == (head.count("Transfer-Encoding") == 1), "that is chunks");
    fuzz::require(!(head.chunked && head.minor_version == 0), "which HTTP/1.0 has not");
    fuzz::require(head.minor_version == 0 || head.count("Host") == 1, "one host is asked");
    fuzz::require(head.fields.size() <= bounds.fields, "fields are few");
    for (auto const& [name, value] : head.fields) {
        fuzz::require(!name.empty(), "a field has a name");
        fuzz::require(value.find_first_of("\r\n") == std::string_view::npos, "and is one line");
    }
}

// Reads the body whole; how many bytes it took, or npos when it is incomplete or refused.
std::size_t read_body(request_parser& parser, std::string_view received) {
    std::size_t used = 0;
    while (used < received.size()) {
        auto const piece = parser.read_body(received.substr(used));
        if (!piece) {
            fuzz::require(piece.error().code == errc::invalid_request, "the documented failure");
            return std::string_view::npos;
        }
        fuzz::require(piece->consumed <= received.size() - used, "no more is taken than is there");
        used += piece->consumed;
        if (piece->last) return used;
        if (piece->consumed == 0) return std::string_view::npos;
    }
    return std::string_view::npos;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto received = fuzz::text_of(data, size);
    request_parser parser(bounds);
    while (!received.empty()) {
        request_parser slow(bounds);
        parser.restart();
        slow.restart();
        auto const at_once = parser.read_head(received);
        auto byte_by_byte = progress::incomplete;
        for (std::size_t i = 1; i <= received.size() && byte_by_byte == progress::incomplete; ++i)
            byte_by_byte = slow.read_head(received.substr(0, i));
        fuzz::require(at_once == byte_by_byte, "cuts change nothing");
        if (at_once == progress::refused)
            fuzz::require(parser.refused().status >= 400, "a refusal has a status");
        if (at_once != progress::complete) return 0;
        judge(parser.head());
        fuzz::require(parser.head_bytes() == slow.head_bytes(), "one end of the head");
        fuzz::require(parser.head_bytes() <= received.size(), "within what was received");
        bool const body = parser.head().has_body();
        received.remove_prefix(parser.head_bytes());
        if (!body) continue;
        auto const used = read_body(parser, received);
        if (used == std::string_view::npos) return 0;
        received.remove_prefix(used);
    }
    return 0;
}
