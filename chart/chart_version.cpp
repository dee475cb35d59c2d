#include "chart/chart_version.hpp"

#include "base/ascii.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pilothouse::chart {

namespace {

constexpr std::size_t length_max = 250;

constexpr bool identifier_character(char c) { return ascii::is_letter_or_digit(c) || c == '-'; }

// Nothing when the text is not all digits, or does not fit: Helm then compares it as text.
std::optional<std::uint64_t> numeric_identifier(std::string_view text) {
    std::uint64_t value = 0;
    char const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

// Takes the identifier before the first dot off the front of `list`.
std::string_view take_identifier(std::string_view& list) {
    auto const dot = list.find('.');
    auto const identifier = list.substr(0, dot);
    list.remove_prefix(dot == list.npos ? list.size() : dot + 1);
    return identifier;
}

// Walks over one version from left to right.
class scanner {
public:
    explicit scanner(std::string_view text) : text_(text) {}

    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] bool done() const { return position_ == text_.size(); }

    bool skip(char c) {
        if (done() || text_[position_] != c) return false;
        ++position_;
        return true;
    }

    // Digits of any number, leading zeros too, that fit 64 bits.
    bool number(std::uint64_t& value) {
        char const* const begin = text_.data() + position_;
        auto const [stop, error] = std::from_chars(begin, text_.data() + text_.size(), value);
        position_ += static_cast<std::size_t>(stop - begin);
        return error == std::errc{};
    }

    // Identifiers joined by dots, none of them empty.
    bool identifiers(bool leading_zeros_allowed) {
        do {
            std::size_t const begin = position_;
            while (!done() && identifier_character(text_[position_])) ++position_;
            auto const word = text_.substr(begin, position_ - begin);
            if (word.empty()) return false;
            bool const zero_led = word.size() > 1 && word.front() == '0';
            if (zero_led && !leading_zeros_allowed &&
                std::all_of(word.begin(), word.end(), ascii::is_digit))
                return false;
        } while (skip('.'));
        return true;
    }

private:
    std::string_view text_;
    std::size_t position_ = 0;
};

void append_big_endian(std::string& key, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>(value >> shift & 0xff);
}

failure not_a_version(std::string_view text) {
    return failure(errc::unacceptable_chart,
                   "The chart version " + chart::quoted(text) +
                       " is not a semantic version such as 1.2.3 or 1.2.3-rc.1+build.5.");
}

}  // namespace

result<chart_version> chart_version::parse(std::string_view text) {
    if (text.size() > length_max)
        return failure(errc::unacceptable_chart, "The chart version " + chart::quoted(text) +
                                                     " is longer than 250 characters.");
    chart_version version;
    scanner scan(text);
    scan.skip('v');
    if (!scan.number(version.major_)) return not_a_version(text);
    if (scan.skip('.') && !scan.number(version.minor_)) return not_a_version(text);
    if (scan.skip('.') && !scan.number(version.patch_)) return not_a_version(text);
    if (scan.skip('-')) {
        version.prerelease_begin_ = static_cast<std::uint16_t>(scan.position());
        if (!scan.identifiers(false)) return not_a_version(text);
        version.prerelease_end_ = static_cast<std::uint16_t>(scan.position());
    }
    if (scan.skip('+') && !scan.identifiers(true)) return not_a_version(text);
    if (!scan.done()) return not_a_version(text);
    version.text_ = text;
    return version;
}

bool chart_version::prerelease() const noexcept { return prerelease_begin_ != prerelease_end_; }

std::string_view chart_version::prerelease_text() const noexcept {
    return std::string_view(text_).substr(
        prerelease_begin_, static_cast<std::size_t>(prerelease_end_ - prerelease_begin_));
}

// Three numbers of eight bytes, most significant first; then 2 for a release, or 1 and the
// identifiers of the pre-release: 1 and eight bytes for a number, 2 and the text up to a zero byte
// for the others. A zero byte ends the list, so that the shorter of two lists comes first.
std::string chart_version::precedence_key() const {
    std::string key;
    for (std::uint64_t const part : {major_, minor_, patch_}) append_big_endian(key, part);
    if (!prerelease()) return key += '\2';
    key += '\1';
    auto list = prerelease_text();
    while (!list.empty()) {
        auto const identifier = take_identifier(list);
        if (auto const number = numeric_identifier(identifier)) {
            key += '\1';
            append_big_endian(key, *number);
        } else {
            key += '\2';
            key += identifier;
            key += '\0';
        }
    }
    return key += '\0';
}

std::weak_ordering chart_version::compare_precedence(chart_version const& other) const noexcept {
    if (auto const c = major_ <=> other.major_; c != 0) return c;
    if (auto const c = minor_ <=> other.minor_; c != 0) return c;
    if (auto const c = patch_ <=> other.patch_; c != 0) return c;
    if (!prerelease() || !other.prerelease()) return other.prerelease() <=> prerelease();

    auto mine = prerelease_text();
    auto theirs = other.prerelease_text();
    while (!mine.empty() && !theirs.empty()) {
        auto const a = take_identifier(mine);
        auto const b = take_identifier(theirs);
        auto const a_number = numeric_identifier(a);
        auto const b_number = numeric_identifier(b);
        if (a_number && b_number) {
            if (auto const c = *a_number <=> *b_number; c != 0) return c;
        } else if (a_number || b_number) {
            return a_number ? std::weak_ordering::less : std::weak_ordering::greater;
        } else if (auto const c = a <=> b; c != 0) {
            return c;
        }
    }
    return !mine.empty() <=> !theirs.empty();
}

}  // namespace pilothouse::chart
