#include "base/utf8.hpp"

#include <algorithm>

namespace pilothouse {

namespace {

struct sequence_rule {
    std::size_t length;
    char32_t lead_bits;
    char32_t smallest;  // below it the sequence is longer than it need be
};

// Length zero: no sequence begins with this byte.
constexpr sequence_rule rule_for(unsigned char lead) noexcept {
    if (lead < 0x80) return {1, lead, 0};
    if (lead >= 0xc0 && lead < 0xe0) return {2, lead & 0x1fu, 0x80};
    if (lead >= 0xe0 && lead < 0xf0) return {3, lead & 0x0fu, 0x800};
    if (lead >= 0xf0 && lead < 0xf8) return {4, lead & 0x07u, 0x1'0000};
    return {0, 0, 0};
}

}  // namespace

char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
    std::size_t const begin = at++;
    auto const rule = rule_for(static_cast<unsigned char>(text[begin]));
    if (rule.length == 0 || text.size() - begin < rule.length) return not_utf8;
    char32_t value = rule.lead_bits;
    for (std::size_t i = 1; i < rule.length; ++i) {
        auto const byte = static_cast<unsigned char>(text[begin + i]);
        if ((byte & 0xc0) != 0x80) return not_utf8;
        value = value << 6 | (byte & 0x3fu);
    }
    bool const surrogate = value >= 0xd800 && value <= 0xdfff;
    if (value < rule.smallest || value > 0x10'ffff || surrogate) return not_utf8;
    at = begin + rule.length;
    return value;
}

void cut_text(std::string& text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return;
    constexpr std::size_t longest_tail = 3;
    auto const least = bytes_max - std::min(bytes_max, longest_tail);
    auto end = bytes_max;
    auto const in_midst = [&] { return (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80; };
    while (end > least && in_midst()) --end;
    // So long a tail has no character: these are other bytes.
    text.resize(in_midst() ? bytes_max : end);
}

void append_code_point(std::string& text, char32_t code_point) {
    auto const append = [&text](char32_t byte) { text += static_cast<char>(byte); };
    auto const tail = [&](int shift) { append(0x80 | (code_point >> shift & 0x3f)); };
    if (code_point < 0x80) return append(code_point);
    if (code_point < 0x800) {
        append(0xc0 | code_point >> 6);
        return tail(0);
    }
    if (code_point < 0x1'0000) {
        append(0xe0 | code_point >> 12);
    } else {
        append(0xf0 | code_point >> 18);
        tail(12);
    }
    tail(6);
    tail(0);
}

}  // namespace pilothouse
