#include "auth/token_text.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace pilothouse::auth {

namespace {

using storage::token_kind;

constexpr std::string_view brand = "plh";  // never to be changed: tokens of this shape are about
constexpr std::size_t prefix_length = 5;   // brand, kind letter, underscore
constexpr std::size_t random_length = 30;
constexpr std::size_t checksum_length = 6;  // 62^6 is just above 2^32
constexpr std::size_t token_length = prefix_length + random_length + checksum_length;
constexpr auto base62 = base62_digits;

constexpr std::array<std::pair<token_kind, char>, 3> kind_letters = {{
    {token_kind::personal, 'p'},
    {token_kind::deploy, 'd'},
    {token_kind::job, 'j'},
}};

constexpr char letter_of(token_kind kind) noexcept {
    for (auto const& [k, letter] : kind_letters)
        if (k == kind) return letter;
    return '?';
}

// CRC-32 as in ISO-HDLC, zlib and PNG; by a table, because every request computes one.
constexpr auto crc_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < table.size(); ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xEDB88320u : 0u);
        table[byte] = crc;
    }
    return table;
}();

constexpr std::uint32_t crc32(std::string_view bytes) noexcept {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (char const c : bytes)
        crc = (crc >> 8) ^ crc_table[(crc ^ static_cast<unsigned char>(c)) & 0xFFu];
    return ~crc;
}
static_assert(crc32("123456789") == 0xCBF43926u);

std::array<char, checksum_length> checksum(std::string_view text) noexcept {
    std::array<char, checksum_length> digits{};
    std::uint32_t rest = crc32(text);
    for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, rest /= base62.size())
        *digit = base62[rest % base62.size()];
    return digits;
}

}  // namespace

secret generate_token(token_kind kind) {
    std::string text;
    text.reserve(token_length);
    text += brand;
    text += letter_of(kind);
    text += '_';
    text += random_base62(random_length);
    auto const check = checksum(text);
    text.append(check.begin(), check.end());
    return secret(std::move(text));
}

std::optional<token_kind> well_formed_token(std::string_view text) noexcept {
    if (text.size() != token_length || !text.starts_with(brand) || text[4] != '_')
        return std::nullopt;
    auto const signed_part = text.substr(0, token_length - checksum_length);
    if (signed_part.substr(prefix_length).find_first_not_of(base62) != std::string_view::npos)
        return std::nullopt;
    auto const check = checksum(signed_part);
    if (!std::ranges::equal(check, text.substr(signed_part.size()))) return std::nullopt;
    for (auto const& [kind, letter] : kind_letters)
        if (letter == text[brand.size()]) return kind;
    return std::nullopt;
}

sha256_digest token_hash(std::string_view text) { return sha256(text); }

}  // namespace pilothouse::auth
