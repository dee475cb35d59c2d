#include "chart/archive_reader.hpp"

#include "chart/gzip_stream.hpp"
#include "chart/quote.hpp"
#include "chart/tar_headers.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>

namespace pilothouse::chart {

namespace {

constexpr std::size_t block_bytes = 32 * 1024;

struct archive_closer {
    void operator()(archive* a) const noexcept { archive_read_free(a); }
};

// Whether libarchive has found what our own eyes have. It takes any name with a slash at its end
// for a folder, and has no name where it cannot convert one.
bool same(archive_member const& ours, archive_entry* theirs) {
    using kind = archive_member::kind;
    auto const* path = archive_entry_pathname(theirs);
    if (path == nullptr) path = archive_entry_pathname_utf8(theirs);
    if (path != nullptr && ours.path != path) return false;

    auto const type = archive_entry_filetype(theirs);
    bool const linked = archive_entry_hardlink(theirs) != nullptr;
    if (ours.type == kind::other) return linked || (type != AE_IFREG && type != AE_IFDIR);
    bool const folder = ours.type == kind::folder || ours.path.ends_with('/');
    return !linked && type == (folder ? AE_IFDIR : AE_IFREG) &&
           archive_entry_size(theirs) == static_cast<la_int64_t>(ours.size_bytes);
}

}  // namespace

struct archive_reader::state {
    state(byte_source const& source, std::uint64_t inflated_max) : gzip(source, inflated_max) {
        if (!tar) throw std::bad_alloc();
        // The formats and filters that are not switched on cannot be attacked.
        archive_read_support_format_tar(tar.get());
        archive_read_open(tar.get(), this, nullptr, &state::give_block, nullptr);
    }

    // Called by libarchive, in C: neither a failure nor an exception may pass through it.
    static la_ssize_t give_block(archive*, void* self, void const** block) {
        auto& s = *static_cast<state*>(self);
        try {
            auto got = s.gzip.read(s.block);
            if (!got) {
                s.broken = std::move(got).error();
                return ARCHIVE_FATAL;
            }
            s.headers.feed({s.block.data(), *got});
            *block = s.block.data();
            return static_cast<la_ssize_t>(*got);
        } catch (...) {
            s.thrown = std::current_exception();
            return ARCHIVE_FATAL;
        }
    }

    failure why_not() {
        if (thrown) std::rethrow_exception(thrown);
        if (broken) return *broken;
        auto const* const text = archive_error_string(tar.get());
        return failure(errc::invalid_archive, "The archive is not a readable tar: " +
                                                  printable(text == nullptr ? "no reason" : text) +
                                                  ".");
    }

    // After the last member: the rest is read too, because the checksum comes at its very end.
    result<void> finish() {
        for (;;) {
            PILOTHOUSE_TRY(std::size_t const got, gzip.read(block));
            if (got == 0) break;
            headers.feed({block.data(), got});
        }
        headers.end();
        PILOTHOUSE_TRY(auto const unread, headers.next());
        if (unread) return disagreement();
        // Helm would read on in them.
        if (gzip.trailing_bytes() && !headers.ended())
            return failure(errc::invalid_archive,
                           "The archive has no mark of the end of its tar, yet bytes follow.");
        if (headers.data_behind_end())
            warnings.emplace_back("Data after the end of the tar archive is ignored.");
        if (gzip.trailing_bytes())
            warnings.emplace_back("Bytes after the end of the gzip stream are ignored.");
        return {};
    }

    static failure disagreement() {
        return failure(errc::invalid_archive,
                       "The archive is not a sound tar: readers find different files in it.");
    }

    gzip_stream gzip;
    std::unique_ptr<archive, archive_closer> tar{archive_read_new()};
    std::array<char, block_bytes> block;
    tar_headers headers;
    std::optional<failure> broken;
    std::exception_ptr thrown;
    std::vector<std::string> warnings;
};

archive_reader::archive_reader(byte_source const& source, std::uint64_t inflated_max)
    : state_(std::make_unique<state>(source, inflated_max)) {}
archive_reader::~archive_reader() = default;

std::vector<std::string> const& archive_reader::warnings() const noexcept {
    return state_->warnings;
}

result<std::optional<archive_member>> archive_reader::next() {
    auto& s = *state_;
    archive_entry* entry = nullptr;
    int const outcome = archive_read_next_header(s.tar.get(), &entry);
    if (s.broken || s.thrown) return s.why_not();
    PILOTHOUSE_TRY(auto member, s.headers.next());
    if (outcome == ARCHIVE_EOF) {
        if (member) return state::disagreement();
        if (auto finished = s.finish(); !finished) return std::move(finished).error();
        return std::optional<archive_member>();
    }
    // A warning is about a name that the locale cannot spell, or an attribute nobody needs.
    if (outcome != ARCHIVE_OK && outcome != ARCHIVE_WARN) return s.why_not();
    if (!member || !same(*member, entry)) return state::disagreement();
    return member;
}

result<std::size_t> archive_reader::read(std::span<char> out) {
    auto const got = archive_read_data(state_->tar.get(), out.data(), out.size());
    if (got < 0) return state_->why_not();
    return static_cast<std::size_t>(got);
}

}  // namespace pilothouse::chart
