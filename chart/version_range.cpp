#include "chart/version_range.hpp"

#include "base/ascii.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pilothouse::chart {

namespace {

constexpr std::size_t text_bytes_max = 512;
constexpr std::size_t alternatives_max = 32;

constexpr bool space(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'); }
constexpr bool wildcard(char c) { return c == 'x' || c == 'X' || c == '*'; }
constexpr bool identifier(char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '.'; }

failure not_a_range(std::string_view text, std::string_view why) {
    return {errc::invalid_argument, "The version range " + chart::quoted(text) +
                                        " is not one: " + std::string(why) +
                                        ". Ranges look like 1.2.3, >=1.2, <2, ~1.2, ^1.2, 1.x, "
                                        "1.2 - 1.4, with || between alternatives."};
}

}  // namespace

// Walks over one range from left to right.
class range_parser {
public:
    explicit range_parser(std::string_view text) : text_(text) {}

    result<version_range> parse() {
        version_range range;
        if (text_.size() > text_bytes_max)
            return not_a_range(text_, "it is longer than 512 characters");
        do {
            if (range.alternatives_.size() == alternatives_max)
                return not_a_range(text_, "it has more than 32 alternatives");
            auto one = all_of();
            if (!one) return not_a_range(text_, why_);
            if (!range.text_.empty()) range.text_ += " || ";
            range.text_ += spelled_;
            range.alternatives_.push_back(std::move(*one));
        } while (skip("||"));
        if (at_ != text_.size()) return not_a_range(text_, "something is left over at its end");
        return range;
    }

private:
    using alternative = version_range::alternative;
    using comparison = version_range::comparison;
    using condition = version_range::condition;
    using open_from = version_range::open_from;

    struct operation {
        std::string_view spelling;
        comparison how;
        std::string_view usual;
    };
    // The longer of two that begin alike first.
    static constexpr std::array<operation, 11> operations = {{
        {"!=", comparison::not_equal, "!="},
        {">=", comparison::greater_or_equal, ">="},
        {"=>", comparison::greater_or_equal, ">="},
        {"<=", comparison::less_or_equal, "<="},
        {"=<", comparison::less_or_equal, "<="},
        {"~>", comparison::tilde, "~"},
        {"=", comparison::equal, ""},
        {">", comparison::greater, ">"},
        {"<", comparison::less, "<"},
        {"~", comparison::tilde, "~"},
        {"^", comparison::caret, "^"},
    }};

    [[nodiscard]] bool at_end() const {
        return at_ == text_.size() || text_.substr(at_).starts_with("||");
    }

    bool skip(std::string_view word) {
        if (!text_.substr(at_).starts_with(word)) return false;
        at_ += word.size();
        return true;
    }

    bool skip_spaces() {
        std::size_t const begin = at_;
        while (at_ < text_.size() && space(text_[at_])) ++at_;
        return at_ > begin;
    }

    std::nullopt_t fail(std::string_view why) {
        why_ = why;
        return std::nullopt;
    }

    // Conditions joined by commas or spaces, up to `||` or the end. A hyphen range that follows
    // something needs the comma, and what follows it needs nothing: so it is with Helm.
    std::optional<alternative> all_of() {
        alternative all;
        spelled_.clear();
        skip_spaces();
        if (at_end()) return fail("it says nothing");
        bool joined = true, range_allowed = true;
        do {
            if (!joined) return fail("a comma or a space is missing");
            std::size_t const before = all.all.size();
            if (!one_or_range(all, range_allowed)) return std::nullopt;
            bool const was_range = all.all.size() == before + 2;
            bool const spaced = skip_spaces();
            bool const comma = skip(",");
            skip_spaces();
            if (comma && at_end()) return fail("nothing follows its last comma");
            joined = spaced || comma || was_range;
            range_allowed = comma || was_range;
        } while (!at_end());
        return all;
    }

    bool one_or_range(alternative& all, bool range_allowed) {
        auto const* const found =
            std::find_if(operations.begin(), operations.end(),
                         [&](operation const& o) { return skip(o.spelling); });
        bool const bare = found == operations.end();
        comparison const how = bare ? comparison::equal : found->how;
        skip_spaces();
        if (!bare || !at_hyphen_range()) return one(all, how, bare ? "" : found->usual);
        if (!range_allowed) {
            why_ = "a comma is missing in front of a hyphen range";
            return false;
        }
        if (!one(all, comparison::greater_or_equal, ">=")) return false;
        skip_spaces();
        skip("-");
        skip_spaces();
        return one(all, comparison::less_or_equal, "<=");
    }

    // Whether the version that begins here is followed by a hyphen between spaces.
    [[nodiscard]] bool at_hyphen_range() {
        std::size_t const begin = at_;
        while (at_ < text_.size() &&
               (identifier(text_[at_]) || wildcard(text_[at_]) || text_[at_] == '+'))
            ++at_;
        bool const found = skip_spaces() && skip("-") && skip_spaces();
        at_ = begin;
        return found;
    }

    bool one(alternative& all, comparison how, std::string_view usual) {
        auto made = bound(how);
        if (!made) return false;
        if (made->bound.prerelease()) all.names_prerelease = true;
        if (!spelled_.empty()) spelled_ += ", ";
        spelled_ += usual;
        spelled_ += bound_text_;
        all.all.push_back(std::move(*made));
        return true;
    }

    // Digits, or one wildcard; after a wildcard anything of the kind, which is then nobody's.
    std::optional<std::string_view> number(bool after_wildcard) {
        std::size_t const begin = at_;
        while (at_ < text_.size() && (ascii::is_digit(text_[at_]) || wildcard(text_[at_]))) ++at_;
        auto const word = text_.substr(begin, at_ - begin);
        if (word.empty()) return std::nullopt;
        bool const number = std::all_of(word.begin(), word.end(), ascii::is_digit);
        if (!number && !(word.size() == 1 && wildcard(word.front())) && !after_wildcard)
            return std::nullopt;
        return word;
    }

    // A version of one to three numbers or wildcards.
    std::optional<condition> bound(comparison how) {
        constexpr std::string_view no_version = "a version is missing or malformed";
        skip("v");
        std::string numbers;
        auto open = open_from::nothing;
        int given = 0;
        for (; given < 3; ++given) {
            std::size_t const begin = at_;
            if (given > 0 && !skip(".")) break;
            auto const word = number(open != open_from::nothing);
            if (!word) return at_ = begin, fail(no_version);
            if (open == open_from::nothing && wildcard(word->front()))
                open = static_cast<open_from>(given + 1);
            if (open == open_from::nothing) numbers += (given > 0 ? "." : "") + std::string(*word);
        }
        if (open == open_from::nothing && given < 3) open = static_cast<open_from>(given + 1);
        int const known = open == open_from::nothing ? 3 : static_cast<int>(open) - 1;
        std::string version = numbers;
        for (int i = known; i < 3; ++i) version += i > 0 ? ".0" : "0";

        auto const prerelease = tagged('-');
        version += prerelease;
        version += tagged('+');  // does not count, but is to be well-formed
        auto parsed = chart_version::parse(version);
        if (!parsed) return fail(no_version);
        bound_text_ = known == 0 ? "*" : numbers + (known < 3 ? ".*" : "");
        bound_text_ += prerelease;
        return condition{how, std::move(*parsed), open};
    }

    // `-` or `+` and the identifiers that follow it.
    std::string_view tagged(char sign) {
        if (at_ == text_.size() || text_[at_] != sign) return {};
        std::size_t const begin = at_++;
        while (at_ < text_.size() && identifier(text_[at_])) ++at_;
        return text_.substr(begin, at_ - begin);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string_view why_;
    std::string spelled_, bound_text_;
};

result<version_range> version_range::parse(std::string_view text) {
    return range_parser(text).parse();
}

bool version_range::contains(chart_version const& version) const {
    return std::any_of(alternatives_.begin(), alternatives_.end(), [&](alternative const& one) {
        if (version.prerelease() && !one.names_prerelease) return false;
        return std::all_of(one.all.begin(), one.all.end(),
                           [&](condition const& c) { return c.holds(version); });
    });
}

bool version_range::condition::holds(chart_version const& v) const {
    auto const order = v.compare_precedence(bound);
    switch (how) {
        case comparison::equal: return open == open_from::nothing ? order == 0 : near(v);
        case comparison::not_equal: return differs(v);
        case comparison::greater: return above(v);
        case comparison::greater_or_equal: return order >= 0;
        case comparison::less: return order < 0;
        case comparison::less_or_equal: return not_above(v);
        case comparison::tilde: return near(v);
        case comparison::caret: return compatible(v);
    }
    return false;
}

// `!=1.2.x` is all but 1.2's releases, and of its pre-releases those that it does not name.
bool version_range::condition::differs(chart_version const& v) const {
    if (open == open_from::nothing || open == open_from::major)
        return v.compare_precedence(bound) != 0;
    if (v.major_number() != bound.major_number()) return true;
    if (open == open_from::minor) return false;
    if (v.minor_number() != bound.minor_number()) return true;
    return v.prerelease_text() != bound.prerelease_text();
}

// `>1` is above all of 1.
bool version_range::condition::above(chart_version const& v) const {
    if (open == open_from::nothing || open == open_from::major)
        return v.compare_precedence(bound) > 0;
    if (v.major_number() != bound.major_number()) return v.major_number() > bound.major_number();
    return open == open_from::patch && v.minor_number() > bound.minor_number();
}

// `<=1` takes all of 1.
bool version_range::condition::not_above(chart_version const& v) const {
    if (open == open_from::nothing) return v.compare_precedence(bound) <= 0;
    if (v.major_number() != bound.major_number()) return v.major_number() < bound.major_number();
    return open == open_from::minor || v.minor_number() <= bound.minor_number();
}

bool version_range::condition::near(chart_version const& v) const {
    if (v.compare_precedence(bound) < 0) return false;
    bool const zero =
        bound.major_number() == 0 && bound.minor_number() == 0 && bound.patch_number() == 0;
    if (zero && open != open_from::minor && open != open_from::patch) return true;
    if (v.major_number() != bound.major_number()) return false;
    return open == open_from::minor || v.minor_number() == bound.minor_number();
}

// The first number that is not 0 stays.
bool version_range::condition::compatible(chart_version const& v) const {
    if (v.compare_precedence(bound) < 0) return false;
    if (v.major_number() != bound.major_number()) return false;
    if (bound.major_number() > 0 || open == open_from::minor) return true;
    if (v.minor_number() != bound.minor_number()) return false;
    if (bound.minor_number() > 0 || open == open_from::patch) return true;
    return v.patch_number() == bound.patch_number();
}

}  // namespace pilothouse::chart
