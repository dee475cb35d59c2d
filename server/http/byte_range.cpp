#include "server/http/byte_range.hpp"

#include "server/http/entity_tag.hpp"
#include "server/http/field_syntax.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <optional>

namespace pilothouse::http {

namespace {

constexpr auto no_end = std::numeric_limits<std::uint64_t>::max();

// A position of any length: what no file can reach is cut to the greatest number there is.
std::optional<std::uint64_t> parse_position(std::string_view text) noexcept {
    std::uint64_t value = 0;
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, value);
    if (text.empty() || read.ptr != end || read.ec == std::errc::invalid_argument)
        return std::nullopt;
    return read.ec == std::errc::result_out_of_range ? no_end : value;
}

// `9-` and `0-9`; nullopt: malformed.
std::optional<byte_range> resolve_span(std::string_view first_text, std::string_view last_text,
                                       std::uint64_t size) {
    auto const first = parse_position(first_text);
    auto const last = last_text.empty() ? no_end : parse_position(last_text);
    if (!first || !last || *first > *last) return std::nullopt;
    if (*first >= size) return byte_range{byte_range::kind::unsatisfiable};
    return byte_range{byte_range::kind::part, *first, std::min(*last, size - 1) - *first + 1};
}

// `-9`: the last nine bytes. Of nothing, that is the whole, for no Content-Range could say it.
std::optional<byte_range> resolve_suffix(std::string_view text, std::uint64_t size) {
    auto const length = parse_position(text);
    if (!length) return std::nullopt;
    if (*length == 0) return byte_range{byte_range::kind::unsatisfiable};
    if (size == 0) return std::nullopt;
    auto const taken = std::min(*length, size);
    return byte_range{byte_range::kind::part, size - taken, taken};
}

std::optional<byte_range> resolve(std::string_view field, std::uint64_t size) {
    auto const equals = std::min(field.find('='), field.size());
    if (!equal_ignoring_case(field.substr(0, equals), "bytes") || equals == field.size())
        return std::nullopt;
    auto const ranges = list_elements(field.substr(equals + 1));
    if (ranges.size() != 1) return std::nullopt;
    auto const dash = ranges.front().find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    auto const before = ranges.front().substr(0, dash);
    auto const after = ranges.front().substr(dash + 1);
    return before.empty() ? resolve_suffix(after, size) : resolve_span(before, after, size);
}

bool if_range_holds(request_head const& head, resource_state const& state) {
    if (!joined_lines(head, "If-Range")) return true;
    auto const text = trim(only_line(head, "If-Range").value_or(""));
    if (text.ends_with('"')) return tags_match(text, state.etag, tag_comparison::strong);
    auto const date = from_http_date(text);
    return date && state.last_modified &&
           std::chrono::floor<std::chrono::seconds>(*state.last_modified) == *date;
}

}  // namespace

byte_range select_range(request_head const& head, resource_state const& state, std::uint64_t size) {
    byte_range const whole{byte_range::kind::whole, 0, size};
    auto const field = only_line(head, "Range");
    if (head.method != method::get || !field || !if_range_holds(head, state)) return whole;
    return resolve(trim(*field), size).value_or(whole);
}

unsigned status_of(byte_range const& range) noexcept {
    switch (range.what) {
        case byte_range::kind::whole: return 200;
        case byte_range::kind::part: return 206;
        case byte_range::kind::unsatisfiable: return 416;
    }
    return 200;
}

std::string content_range(byte_range const& range, std::uint64_t size) {
    auto const of_size = "/" + std::to_string(size);
    switch (range.what) {
        case byte_range::kind::whole: return {};
        case byte_range::kind::unsatisfiable: return "bytes *" + of_size;
        case byte_range::kind::part: break;
    }
    auto const last = range.offset + range.length - 1;
    return "bytes " + std::to_string(range.offset) + "-" + std::to_string(last) + of_size;
}

}  // namespace pilothouse::http
