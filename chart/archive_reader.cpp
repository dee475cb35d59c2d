#include "chart/archive_reader.hpp"

#include "chart/gzip_stream.hpp"
#include "chart/quote.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>

namespace pilothouse::chart {

namespace {

constexpr std::size_t record_bytes = 512;               // tar's unit
constexpr std::size_t block_bytes = 64 * record_bytes;  // whole records, so none is split

struct archive_closer {
    void operator()(archive* a) const noexcept { archive_read_free(a); }
};

// Octal digits after blanks; nothing for the binary form, which no extension header needs.
std::optional<std::uint64_t> octal(std::string_view field) {
    std::uint64_t value = 0;
    for (char const c : field) {
        if (c == ' ' && value == 0) continue;
        if (c < '0' || c > '7') break;
        value = value * 8 + static_cast<std::uint64_t>(c - '0');
    }
    if (!field.empty() && (field.front() & 0x80) != 0) return std::nullopt;
    return value;
}

// The type flag of the first header in `records` that describes a member and not an extension (pax
// `x` and `g`, GNU `L` and `K`, Solaris `X` and `A`) of one; '\0' when it is not among them.
char member_type(std::string_view records) {
    constexpr std::size_t size_at = 124, size_length = 12, type_at = 156;
    while (records.size() >= record_bytes) {
        char const type = records[type_at];
        if (std::string_view("xgLKXA").find(type) == std::string_view::npos) return type;
        auto const size = octal(records.substr(size_at, size_length));
        if (!size || *size > records.size()) break;
        auto const whole = (*size + record_bytes - 1) / record_bytes * record_bytes;
        records.remove_prefix(std::min<std::size_t>(records.size(), record_bytes + whole));
    }
    return '\0';
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
            s.remember(*got);
            *block = s.block.data();
            return static_cast<la_ssize_t>(*got);
        } catch (...) {
            s.thrown = std::current_exception();
            return ARCHIVE_FATAL;
        }
    }

    // Keeps the blocks of the header that is being read, otherwise the last block alone, in which
    // the next header begins.
    void remember(std::size_t got) {
        if (!in_header) {
            recent_begin += recent.size();
            recent.clear();
        }
        recent.append(block.data(), got);
    }

    // What libarchive has not used yet of the bytes that it was given, from `position` on.
    [[nodiscard]] std::string_view recent_from(std::int64_t position) const {
        auto const begin = static_cast<std::uint64_t>(position);
        if (position < 0 || begin < recent_begin || begin > recent_begin + recent.size()) return {};
        return std::string_view(recent).substr(static_cast<std::size_t>(begin - recent_begin));
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
        bool zeros = all_zero(recent_from(archive_filter_bytes(tar.get(), -1)));
        for (;;) {
            PILOTHOUSE_TRY(std::size_t const got, gzip.read(block));
            if (got == 0) break;
            zeros = zeros && all_zero({block.data(), got});
        }
        if (!zeros) warnings.emplace_back("Data after the end of the tar archive is ignored.");
        if (gzip.trailing_bytes())
            warnings.emplace_back("Bytes after the end of the gzip stream are ignored.");
        return {};
    }

    static bool all_zero(std::string_view bytes) {
        return bytes.find_first_not_of('\0') == bytes.npos;
    }

    gzip_stream gzip;
    std::unique_ptr<archive, archive_closer> tar{archive_read_new()};
    std::array<char, block_bytes> block;
    std::string recent;
    std::uint64_t recent_begin = 0;  // its place in the inflated stream
    bool in_header = false;
    bool in_member = false;  // some of its data may not have been read
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
    archive* const tar = s.tar.get();
    // Passed over here, not within the header call, so that only the header is remembered.
    if (s.in_member && archive_read_data_skip(tar) < ARCHIVE_WARN) return s.why_not();
    archive_entry* entry = nullptr;
    s.in_header = true;
    int const outcome = archive_read_next_header(tar, &entry);
    s.in_header = false;
    if (outcome == ARCHIVE_EOF && !s.broken && !s.thrown) {
        if (auto finished = s.finish(); !finished) return std::move(finished).error();
        return std::optional<archive_member>();
    }
    s.in_member = true;
    // A warning is about a name that the locale cannot spell, or an attribute nobody needs.
    if (outcome != ARCHIVE_OK && outcome != ARCHIVE_WARN) return s.why_not();

    auto const* path = archive_entry_pathname(entry);
    if (path == nullptr) path = archive_entry_pathname_utf8(entry);
    archive_member member{
        path == nullptr ? "" : path, archive_member::kind::other,
        static_cast<std::uint64_t>(std::max<la_int64_t>(0, archive_entry_size(entry)))};
    auto const type = archive_entry_filetype(entry);
    bool const linked = archive_entry_hardlink(entry) != nullptr;
    if (type == AE_IFREG && !linked) member.type = archive_member::kind::file;
    if (type == AE_IFDIR && !linked) {
        // libarchive takes any name with a slash at its end for a folder; Helm only where the type
        // says so.
        bool const regular = member_type(s.recent_from(archive_read_header_position(tar))) == '0';
        member.type = regular ? archive_member::kind::file : archive_member::kind::folder;
    }
    return std::optional(std::move(member));
}

result<std::size_t> archive_reader::read(std::span<char> out) {
    auto const got = archive_read_data(state_->tar.get(), out.data(), out.size());
    if (got < 0) return state_->why_not();
    return static_cast<std::size_t>(got);
}

}  // namespace pilothouse::chart
