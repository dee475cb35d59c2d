#include "chart/tar_headers.hpp"

#include "chart/pax_header.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::chart {

namespace {

struct field {
    std::size_t at, length;

    [[nodiscard]] std::string_view of(std::string_view header) const {
        return header.substr(at, length);
    }
    // Without what stands behind the first NUL.
    [[nodiscard]] std::string text(std::string_view header) const {
        auto const whole = of(header);
        return std::string(whole.substr(0, whole.find('\0')));
    }
};

constexpr field name_field{0, 100}, mode_field{100, 8}, owner_field{108, 8}, group_field{116, 8},
    size_field{124, 12}, modified_field{136, 12}, checksum_field{148, 8}, magic_field{257, 8},
    major_field{329, 8}, minor_field{337, 8}, prefix_field{345, 155}, accessed_field{345, 12},
    changed_field{357, 12}, star_field{508, 4};

constexpr std::string_view gnu_magic("ustar  \0", 8);
constexpr std::string_view pax_magic("ustar\0", 6);

failure unsound(std::string_view why) {
    return failure(errc::invalid_archive,
                   "The archive is not a sound tar: " + std::string(why) + ".");
}

bool all_zero(std::string_view bytes) { return bytes.find_first_not_of('\0') == bytes.npos; }

std::uint64_t padded(std::uint64_t size) { return (size + 511) / 512 * 512; }

// Blanks, octal digits, then blanks or NULs to the end; a field that is empty is 0. Of everything
// else, readers differ in where the number begins or ends.
std::optional<std::uint64_t> octal(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    std::uint64_t value = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '7'; text.remove_prefix(1))
        value = value * 8 + static_cast<std::uint64_t>(text.front() - '0');
    if (text.find_first_not_of(std::string_view(" \0", 2)) != text.npos) return std::nullopt;
    return value;
}

// Readers that care for these numbers refuse the archive where one is none. Owners with great
// numbers are written in binary.
bool sound_numbers(std::string_view header, bool gnu, bool old) {
    auto const binary = [](std::string_view text) { return (text.front() & 0x80) != 0; };
    auto const id = [&](field f) { return octal(f.of(header)) || binary(f.of(header)); };
    auto const time = [&](field f) { return f.of(header).front() == '\0' || octal(f.of(header)); };
    if (gnu && (!time(accessed_field) || !time(changed_field))) return false;
    if (!old && (!id(major_field) || !id(minor_field))) return false;
    return octal(mode_field.of(header)) && id(owner_field) && id(group_field) &&
           octal(modified_field.of(header));
}

// The checksum itself counts as blanks.
bool sound_checksum(std::string_view header) {
    std::uint64_t sum = checksum_field.length * ' ';
    for (char const c : header.substr(0, checksum_field.at)) sum += static_cast<unsigned char>(c);
    for (char const c : header.substr(checksum_field.at + checksum_field.length))
        sum += static_cast<unsigned char>(c);
    return octal(checksum_field.of(header)) == sum;
}

}  // namespace

void tar_headers::feed(std::string_view bytes) {
    while (!bytes.empty() && !fault_) {
        if (ended()) {
            data_behind_end_ = data_behind_end_ || !all_zero(bytes);
            return;
        }
        if (pass_over_ > 0) {
            auto const passed = std::min<std::uint64_t>(pass_over_, bytes.size());
            bytes.remove_prefix(static_cast<std::size_t>(passed));
            pass_over_ -= passed;
            continue;
        }
        auto const taken = bytes.substr(0, wanted_ - piece_.size());
        piece_ += taken;
        bytes.remove_prefix(taken.size());
        if (piece_.size() == wanted_) take_whole();
    }
}

void tar_headers::take_whole() {
    auto const piece = std::exchange(piece_, {});
    wanted_ = record_bytes;
    auto taken = body_of_ ? take_extension(piece) : take_header(piece);
    if (!taken) fault_ = std::move(taken).error();
}

void tar_headers::end() {
    if (fault_ || ended()) return;
    if (!piece_.empty() || pass_over_ > 0 || body_of_ || extended_)
        fault_ = unsound("it is cut short");
}

result<std::optional<archive_member>> tar_headers::next() {
    if (members_.empty() && fault_) return *fault_;
    if (members_.empty()) return std::optional<archive_member>();
    std::optional first(std::move(members_.front()));
    members_.pop_front();
    return first;
}

result<void> tar_headers::take_header(std::string_view header) {
    if (all_zero(header)) {
        if (extended_) return unsound("an extension header has no member");
        ++zero_records_;
        return {};
    }
    if (zero_records_ != 0) return unsound("something follows half of the mark of its end");

    auto const magic = magic_field.of(header);
    bool const gnu = magic == gnu_magic;
    bool const old = !magic.starts_with("ustar");
    if (!old && !gnu && !magic.starts_with(pax_magic))
        return unsound("a header is of an unknown form");
    // Star's form has a shorter prefix, and only some readers know that.
    if (!old && !gnu && star_field.of(header) == std::string_view("tar\0", 4))
        return unsound("a header is of star's own form");
    if (!sound_checksum(header)) return unsound("the checksum of a header is wrong");
    auto const size = octal(size_field.of(header));
    if (!size || !sound_numbers(header, gnu, old))
        return unsound("a header holds something else where a number must be");

    constexpr std::size_t type_at = 156;
    char const type = header[type_at];
    if (type != 'x' && type != 'g' && type != 'L') {
        auto path = name_field.text(header);
        if (auto const prefix = prefix_field.text(header); !old && !gnu && !prefix.empty())
            path = prefix + "/" + path;
        if (!path_) path_ = std::move(path);
        return take_member(header, type, size_.value_or(*size));
    }
    if (extended_) return unsound("a member has more than one extension header");
    constexpr std::uint64_t extension_max = 1024 * 1024;  // Helm's own
    if (*size == 0 || *size > extension_max)
        return unsound("an extension header is empty or too large");
    body_of_ = type;
    extended_ = type != 'g';
    wanted_ = static_cast<std::size_t>(padded(*size));
    body_bytes_ = static_cast<std::size_t>(*size);
    return {};
}

result<void> tar_headers::take_extension(std::string_view body) {
    body = body.substr(0, body_bytes_);
    char const type = *std::exchange(body_of_, std::nullopt);
    if (type == 'L') {
        path_ = body.substr(0, body.find('\0'));
        if (path_->empty()) return unsound("a long name is empty");
        return {};
    }
    PILOTHOUSE_TRY(auto header, parse_pax_header(body));
    // Helm does not read the names and sizes of a global header.
    if (type == 'g') return {};
    path_ = std::move(header.path);
    size_ = header.size;
    return {};
}

// By type flag, and with the path and size of the extension where there is one.
result<void> tar_headers::take_member(std::string_view header, char type, std::uint64_t size) {
    using kind = archive_member::kind;
    auto path = std::exchange(path_, std::nullopt).value();
    size_ = std::nullopt;
    extended_ = false;

    bool const slash = path.ends_with('/');
    bool const folder = type == '5' || (type == '\0' && slash);
    bool const file = !folder && (type == '0' || type == '\0' || type == '7');
    if (!file && !folder && (type < '1' || type > '6'))
        return unsound("the entry " + chart::quoted(path) + " is of the type " +
                       chart::quoted({&type, 1}));
    if (size != 0 && (!file || slash))
        return unsound("the entry " + chart::quoted(path) + " has a size, but is no file");
    // Some writers put the type here, too, and Helm believes it.
    auto const type_bits = *octal(mode_field.of(header)) & ~07777ull;
    if (type_bits != 0 && ((file && type_bits != 0100000) || (folder && type_bits != 0040000)))
        return unsound("the entry " + chart::quoted(path) +
                       " has another type by its mode than by its flag");

    pass_over_ = padded(size);
    auto const what = folder ? kind::folder : file ? kind::file : kind::other;
    members_.push_back({std::move(path), what, size});
    return {};
}

}  // namespace pilothouse::chart
