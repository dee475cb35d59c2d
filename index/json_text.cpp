#include "index/json_text.hpp"

#include "base/hex.hpp"
#include "base/utf8.hpp"

#include <array>
#include <cstddef>

namespace pilothouse::index {

namespace {

// Raw, each of these is legal JSON for some reader and an error or another string for some other.
bool must_escape(char32_t point) {
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) || point == 0x2028 || point == 0x2029 ||
           point == 0xFEFF || point == 0xFFFE || point == 0xFFFF;
}

void append_escape(std::string& out, char32_t point) {
    switch (point) {
        case '\n': out += "\\n"; return;
        case '\r': out += "\\r"; return;
        case '\t': out += "\\t"; return;
        default: break;
    }
    std::array<char, 2> const big_endian = {static_cast<char>(point >> 8),
                                            static_cast<char>(point & 0xFF)};
    out += "\\u";
    out += to_hex({big_endian.data(), big_endian.size()});
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const begin = at;
        char32_t const point = next_code_point(text, at);
        if (point == '"' || point == '\\') {
            out += '\\';
            out += text[begin];
        } else if (point == not_utf8) {
            out += "\xEF\xBF\xBD";
        } else if (must_escape(point)) {
            append_escape(out, point);
        } else {
            out += text.substr(begin, at - begin);
        }
    }
    out += '"';
}

}  // namespace pilothouse::index
