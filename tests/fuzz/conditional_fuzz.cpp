// Conditional requests and content negotiation.
// Input: a line with the method's number, then header lines `Name: value`.
#include "server/http/conditional.hpp"
#include "server/http/content_negotiation.hpp"
#include "server/http/field_syntax.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    http::request_head head;
    auto const method_line = fuzz::take_line(rest);
    head.method = static_cast<http::method>(method_line.size() % 8);
    while (!rest.empty() && head.fields.size() < 100) {
        auto const line = fuzz::take_line(rest);
        auto const colon = std::min(line.find(':'), line.size());
        head.fields.emplace_back(line.substr(0, colon),
                                 line.substr(std::min(colon + 1, line.size())));
    }
    http::resource_state const state{R"("now")", from_http_date("Sun, 06 Nov 1994 08:49:37 GMT")};
    auto const verdict = http::evaluate(head, state);

    bool const reads = head.method == http::method::get || head.method == http::method::head;
    bool const guarded = head.count("If-Match") + head.count("If-Unmodified-Since") > 0;
    if (verdict == http::verdict::not_modified) fuzz::require(reads, "304 is for readers");
    if (verdict == http::verdict::precondition_failed && reads)
        fuzz::require(guarded, "a reader without a guard is never refused");
    if (verdict == http::verdict::proceed && reads && !guarded) {
        auto const tags = http::joined_lines(head, "If-None-Match");
        fuzz::require(!tags || http::trim(*tags) != state.etag, "who has it gets 304");
    }

    auto const accepted = head.field("Accept-Encoding");
    if (http::prefers_gzip(accepted))
        fuzz::require(accepted.find_first_of("Gg*") != std::string_view::npos,
                      "gzip is for those who ask");
    return 0;
}
