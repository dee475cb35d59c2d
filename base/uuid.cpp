#include "base/uuid.hpp"

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "base/random.hpp"

#include <cstddef>

namespace pilothouse {

namespace {

constexpr std::size_t text_size = 36;

constexpr bool is_hyphen_place(std::size_t at) {
    return at == 8 || at == 13 || at == 18 || at == 23;
}

// Of 32 digits.
std::string with_hyphens(std::string_view digits) {
    std::string text;
    text.reserve(text_size);
    for (char const c : digits) {
        if (is_hyphen_place(text.size())) text += '-';
        text += c;
    }
    return text;
}

std::string digits_of(std::uint64_t number) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<unsigned char>(number >> shift));
    return to_hex(bytes);
}

}  // namespace

std::string random_uuid() {
    auto digits = to_hex(random_bytes(16));
    // The version, and the two bits of the variant: one of 8, 9, a, b.
    digits[12] = '4';
    digits[16] = "89ab"[hex_value(digits[16]) & 3];
    return with_hyphens(digits);
}

std::optional<std::string> parse_uuid(std::string_view text) {
    if (text.size() != text_size) return std::nullopt;
    std::string lower;
    lower.reserve(text_size);
    for (char const c : text) {
        bool const fits = is_hyphen_place(lower.size()) ? c == '-' : hex_value(c) >= 0;
        if (!fits) return std::nullopt;
        lower += ascii::lower(c);
    }
    return lower;
}

std::string numbered_uuid(char kind, std::int64_t number) {
    // The digits 12 and 16 are those of version and variant, with the number around the latter.
    auto const n = digits_of(static_cast<std::uint64_t>(number));
    return with_hyphens("000000" + to_hex({&kind, 1}) + "0000" + "800" + n.substr(0, 1) + "8" +
                        n.substr(1));
}

std::optional<std::int64_t> number_in_uuid(char kind, std::string_view uuid) {
    auto const text = parse_uuid(uuid);
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    for (std::size_t at = 17; at < text_size; ++at)
        if (!is_hyphen_place(at) && at != 19)
            number = number << 4 | static_cast<std::uint64_t>(hex_value((*text)[at]));
    auto const found = static_cast<std::int64_t>(number);
    if (numbered_uuid(kind, found) != *text) return std::nullopt;
    return found;
}

}  // namespace pilothouse
