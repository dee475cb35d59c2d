#include "index/gzip_member.hpp"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace pilothouse::index {

namespace {

constexpr int level = 6;
constexpr int raw_window = -15;  // negative: no zlib header or trailer
constexpr int memory = 8;
constexpr std::size_t stored_bytes_max = 0xFFFF;

class deflater {
public:
    deflater() {
        if (deflateInit2(&stream_, level, Z_DEFLATED, raw_window, memory, Z_DEFAULT_STRATEGY) !=
            Z_OK)
            throw std::bad_alloc();
    }
    ~deflater() { deflateEnd(&stream_); }
    deflater(deflater const&) = delete;
    deflater& operator=(deflater const&) = delete;

    // Appends what comes out until nothing more does.
    void flush(std::string_view text, std::string& out) {
        std::array<unsigned char, 16 * 1024> buffer;
        stream_.next_in = reinterpret_cast<unsigned char const*>(text.data());
        stream_.avail_in = static_cast<uInt>(text.size());
        do {
            stream_.next_out = buffer.data();
            stream_.avail_out = static_cast<uInt>(buffer.size());
            // A full flush ends on a byte boundary and forgets what came before, which is what
            // lets pieces stand in any row.
            deflate(&stream_, Z_FULL_FLUSH);
            out.append(reinterpret_cast<char const*>(buffer.data()),
                       buffer.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
    }

private:
    z_stream stream_ = {};
};

void append_little_endian(std::string& out, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

// Stored blocks (RFC 1951, 3.2.4). Where one begins the stream is on a byte boundary, so the three
// header bits fill a byte of their own.
void append_stored(std::string& out, std::string_view text, bool last) {
    do {
        std::string_view const part = text.substr(0, stored_bytes_max);
        text.remove_prefix(part.size());
        out += last && text.empty() ? '\x01' : '\x00';
        append_little_endian(out, part.size(), 2);
        append_little_endian(out, ~part.size(), 2);
        out += part;
    } while (!text.empty());
}

}  // namespace

gzip_checksum checksum_of(std::string_view text) noexcept {
    auto const* bytes = reinterpret_cast<unsigned char const*>(text.data());
    return {static_cast<std::uint32_t>(crc32_z(0, bytes, text.size())), text.size()};
}

gzip_checksum joined(gzip_checksum a, gzip_checksum b) noexcept {
    auto const crc = crc32_combine(a.crc, b.crc, static_cast<z_off_t>(b.length));
    return {static_cast<std::uint32_t>(crc), a.length + b.length};
}

std::string deflated(std::string_view text) {
    std::string out;
    deflater().flush(text, out);
    out.shrink_to_fit();
    return out;
}

std::string gzip_opening(std::string_view text) {
    // Magic, deflate, no flags, no time (the same text must give the same bytes), system unknown.
    constexpr std::string_view header("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);
    std::string out(header);
    append_stored(out, text, false);
    return out;
}

std::string gzip_closing(std::string_view text, gzip_checksum whole) {
    std::string out;
    append_stored(out, text, true);
    append_little_endian(out, whole.crc, 4);
    append_little_endian(out, whole.length, 4);
    return out;
}

}  // namespace pilothouse::index
