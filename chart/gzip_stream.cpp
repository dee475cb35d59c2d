#include "chart/gzip_stream.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

namespace pilothouse::chart {

namespace {

constexpr std::string_view magic = "\x1f\x8b\x08";

failure invalid_gzip(std::string why) { return failure(errc::invalid_archive, std::move(why)); }

}  // namespace

struct gzip_stream::state {
    state(byte_source const& source, std::uint64_t bytes_max)
        : source(source), bytes_max(bytes_max) {
        constexpr int gzip_only = 16 + MAX_WBITS;  // zlib then verifies CRC and length by itself
        if (inflateInit2(&inflater, gzip_only) != Z_OK) throw std::bad_alloc();
    }
    ~state() { inflateEnd(&inflater); }
    state(state const&) = delete;
    state& operator=(state const&) = delete;

    // Has at least `wanted` packed bytes at hand unless the source ends before; wanted is small.
    std::size_t have(std::size_t wanted) {
        while (inflater.avail_in < wanted && !source_ended) {
            auto* const begin = reinterpret_cast<Bytef*>(packed.data());
            std::copy_n(inflater.next_in, inflater.avail_in, begin);
            inflater.next_in = begin;
            auto const got = source(std::span(packed).subspan(inflater.avail_in));
            inflater.avail_in += static_cast<uInt>(got);
            source_ended = got == 0;
        }
        return inflater.avail_in;
    }

    bool at_magic() {
        return have(magic.size()) >= magic.size() &&
               std::equal(magic.begin(), magic.end(),
                          reinterpret_cast<char const*>(inflater.next_in));
    }

    byte_source const& source;
    std::uint64_t bytes_max;
    std::uint64_t bytes_given = 0;
    z_stream inflater{};
    std::array<char, 16 * 1024> packed;
    bool source_ended = false;
    bool in_member = false;
    bool any_member = false;
    bool ended = false;
    bool trailing = false;
};

gzip_stream::gzip_stream(byte_source const& source, std::uint64_t bytes_max)
    : state_(std::make_unique<state>(source, bytes_max)) {}
gzip_stream::~gzip_stream() = default;

bool gzip_stream::trailing_bytes() const noexcept { return state_->trailing; }

result<std::size_t> gzip_stream::read(std::span<char> out) {
    auto& s = *state_;
    auto& z = s.inflater;
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    while (z.avail_out > 0 && !s.ended) {
        if (!s.in_member) {
            s.in_member = s.at_magic();
            s.ended = !s.in_member;
            s.trailing = s.ended && z.avail_in > 0;
            if (s.ended && !s.any_member)
                return invalid_gzip(
                    "The file is not gzip: a chart archive is a .tgz, that is a gzip-"
                    "compressed tar.");
            s.any_member = true;
            continue;
        }
        if (s.have(1) == 0)
            return invalid_gzip("The archive is cut short: its gzip stream has no end.");
        switch (inflate(&z, Z_NO_FLUSH)) {
            case Z_OK:
            case Z_BUF_ERROR: break;  // wants more input, or more room
            case Z_STREAM_END:
                s.in_member = false;
                inflateReset(&z);
                break;
            case Z_MEM_ERROR: throw std::bad_alloc();
            default:
                return invalid_gzip(
                    "The archive is damaged: its gzip stream does not inflate, or its "
                    "checksum is wrong.");
        }
    }
    std::size_t const given = out.size() - z.avail_out;
    s.bytes_given += given;
    if (s.bytes_given > s.bytes_max)
        return failure(errc::unacceptable_chart, "The archive inflates to more than " +
                                                     std::to_string(s.bytes_max) + " bytes.");
    return given;
}

}  // namespace pilothouse::chart
