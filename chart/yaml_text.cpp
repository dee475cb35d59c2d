// What must hold of the bytes of a YAML text before anything reads it.
#include "base/utf8.hpp"
#include "chart/yaml_events.hpp"

#include <algorithm>

namespace pilothouse::chart {

namespace {

bool allowed(char32_t c) {
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    if (c < 0xa0) return c < 0x7f || c == 0x85;
    return c != 0xfffe && c != 0xffff && c != not_utf8;
}

}  // namespace

result<std::string_view> check_yaml_text(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff"))
        return failure(errc::invalid_metadata, "The text is UTF-16; save it as UTF-8.");
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());

    for (std::size_t at = 0; at < bytes.size();) {
        if (bytes[at] >= ' ' && bytes[at] <= '~') {  // nearly all of every text
            ++at;
            continue;
        }
        std::size_t const begin = at;
        char32_t const c = next_code_point(bytes, at);
        if (allowed(c)) continue;
        auto const line =
            1 + std::count(bytes.begin(), bytes.begin() + static_cast<long>(begin), '\n');
        return failure(errc::invalid_metadata,
                       "Line " + std::to_string(line) +
                           (c == not_utf8 ? " is not UTF-8." : " holds a control character."));
    }
    return bytes;
}

}  // namespace pilothouse::chart
