// Byte ranges: whatever Range and If-Range say, what is sent lies within the content.
// Input: three lines, Range, If-Range and the content's size; then nothing that matters.
#include "server/http/byte_range.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <charconv>

using namespace pilothouse;

namespace {

std::uint64_t number_in(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    http::request_head head;
    head.method = http::method::get;
    head.fields.emplace_back("Range", fuzz::take_line(rest));
    if (auto const line = fuzz::take_line(rest); !line.empty())
        head.fields.emplace_back("If-Range", line);
    auto const content_size = number_in(fuzz::take_line(rest));

    http::resource_state const state{R"("now")", from_http_date("Sun, 06 Nov 1994 08:49:37 GMT")};
    auto const range = http::select_range(head, state, content_size);
    auto const field = http::content_range(range, content_size);
    using kind = http::byte_range::kind;
    switch (range.what) {
        case kind::whole:
            fuzz::require(range.offset == 0 && range.length == content_size, "the whole is whole");
            fuzz::require(field.empty(), "the whole has no Content-Range");
            break;
        case kind::part:
            fuzz::require(range.length > 0, "a part is not empty");
            fuzz::require(range.offset < content_size, "a part begins within the content");
            fuzz::require(range.length <= content_size - range.offset, "and ends within it");
            break;
        case kind::unsatisfiable:
            fuzz::require(range.length == 0, "nothing is sent for an unsatisfiable range");
            fuzz::require(field.starts_with("bytes */"), "and the size is told");
            break;
    }
    return 0;
}
