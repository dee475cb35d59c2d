// One gzip member made of pieces that were compressed apart from each other (RFC 1952).
//
// A piece is raw deflate data that ends on a byte boundary and refers to nothing before it, so a
// member is its opening, any pieces in a row, and its closing; the checksum of the whole is
// computed from those of the parts. It is one member, because many clients read only the first of
// several (contracts: stack 4.1).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::index {

// What a member says about the text that it holds.
struct gzip_checksum {
    std::uint32_t crc = 0;
    std::uint64_t length = 0;
};

[[nodiscard]] gzip_checksum checksum_of(std::string_view text) noexcept;
// Of the text of `a` followed by that of `b`.
[[nodiscard]] gzip_checksum joined(gzip_checksum a, gzip_checksum b) noexcept;

// Compresses one piece. The same text gives the same bytes.
[[nodiscard]] std::string deflated(std::string_view text);

// The member's header, and `text` as it is (short texts only grow when compressed).
[[nodiscard]] std::string gzip_opening(std::string_view text);
// `text` as it is, and the member's end; `whole` is the checksum of everything, `text` included.
[[nodiscard]] std::string gzip_closing(std::string_view text, gzip_checksum whole);

}  // namespace pilothouse::index
