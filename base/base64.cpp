#include "base/base64.hpp"

#include <cstddef>
#include <cstdint>

namespace pilothouse {

namespace {

constexpr std::string_view standard_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int value_of(char c, base64_form form) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    bool const standard = form == base64_form::standard;
    if (c == (standard ? '+' : '-')) return 62;
    if (c == (standard ? '/' : '_')) return 63;
    return -1;
}

}  // namespace

std::string encode_base64(std::string_view bytes, base64_form form) {
    auto const digits = form == base64_form::standard ? standard_digits : url_digits;
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char const c : bytes) {
        bits = (bits << 8) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) text += digits[(bits >> (count - 6)) & 63];
    }
    if (count > 0) text += digits[(bits << (6 - count)) & 63];
    if (form == base64_form::standard)
        while (text.size() % 4 != 0) text += '=';
    return text;
}

std::optional<std::string> decode_base64(std::string_view text, base64_form form) {
    if (form == base64_form::standard) {
        if (text.size() % 4 != 0) return std::nullopt;
        text.remove_suffix(text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0);
    }
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (char const c : text) {
        int const value = value_of(c, form);
        if (value < 0) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(static_cast<unsigned char>(bits >> count));
        bits &= (1u << count) - 1;
    }
    if (bits != 0) return std::nullopt;  // set, but standing for nothing
    return bytes;
}

}  // namespace pilothouse
