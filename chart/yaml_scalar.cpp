#include "chart/yaml_scalar.hpp"

#include "base/ascii.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace pilothouse::chart {

namespace {

constexpr std::string_view core_tags = "tag:yaml.org,2002:";

template <std::size_t N>
bool one_of(std::string_view text, std::string_view const (&words)[N]) {
    return std::find(words, words + N, text) != words + N;
}

std::optional<scalar_value> fixed_word(std::string_view text) {
    static constexpr std::string_view nulls[] = {"", "~", "null", "Null", "NULL"};
    static constexpr std::string_view trues[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                 "True", "TRUE", "on",  "On",  "ON"};
    static constexpr std::string_view falses[] = {"n",     "N",     "no",  "No",  "NO", "false",
                                                  "False", "FALSE", "off", "Off", "OFF"};
    static constexpr std::string_view nans[] = {".nan", ".NaN", ".NAN"};
    static constexpr std::string_view infinities[] = {".inf",  ".Inf",  ".INF",
                                                      "+.inf", "+.Inf", "+.INF"};
    static constexpr std::string_view negative_infinities[] = {"-.inf", "-.Inf", "-.INF"};
    if (one_of(text, nulls)) return scalar_value{scalar_kind::null, {}};
    if (one_of(text, trues)) return scalar_value{scalar_kind::boolean, "true"};
    if (one_of(text, falses)) return scalar_value{scalar_kind::boolean, "false"};
    if (one_of(text, nans)) return scalar_value{scalar_kind::not_finite, "NaN"};
    if (one_of(text, infinities)) return scalar_value{scalar_kind::not_finite, "+Inf"};
    if (one_of(text, negative_infinities)) return scalar_value{scalar_kind::not_finite, "-Inf"};
    return std::nullopt;
}

// A number that fits 64 bits, in the base that its prefix names; a leading zero alone means octal.
// `text` has no underscores left.
std::optional<scalar_value> integer(std::string_view text) {
    bool const negative = text.starts_with('-');
    bool const is_signed = negative || text.starts_with('+');
    auto digits = text.substr(is_signed ? 1 : 0);
    int base = 10;
    if (digits.size() > 1 && digits.front() == '0') {
        char const letter = digits.size() > 2 ? static_cast<char>(digits[1] | 0x20) : '0';
        base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
        digits.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
    }
    std::uint64_t value = 0;
    char const* const end = digits.data() + digits.size();
    auto const [stop, error] = std::from_chars(digits.data(), end, value, base);
    if (error != std::errc{} || stop != end) return std::nullopt;

    constexpr auto signed_max =
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value <= signed_max + (negative ? 1 : 0))
        return scalar_value{scalar_kind::integer,
                            (negative && value != 0 ? "-" : "") + std::to_string(value)};
    if (is_signed) return std::nullopt;
    return scalar_value{scalar_kind::big_unsigned, std::to_string(value)};
}

// The grammar of a decimal number: digits with at most one dot, at least one digit, an exponent.
bool decimal_number(std::string_view text) {
    auto const skip_digits = [&text] {
        std::size_t count = 0;
        while (count < text.size() && ascii::is_digit(text[count])) ++count;
        text.remove_prefix(count);
        return count > 0;
    };
    auto const skip_sign = [&text] {
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    };
    skip_sign();
    bool const whole = skip_digits();
    bool fraction = false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        fraction = skip_digits();
    }
    if (!whole && !fraction) return false;
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        skip_sign();
        if (!skip_digits()) return false;
    }
    return text.empty();
}

// Numbers that are out of range: too small ones are zero, too large ones are left as text.
bool too_small(std::string_view text) {
    if (auto const exponent = text.find_first_of("eE"); exponent != text.npos)
        return text.substr(exponent + 1).starts_with('-');
    return text.find_first_of("123456789") > text.find('.');
}

// As Go prints a float32 with %g: the fewest digits that still name it, with an exponent outside of
// 0.0001 to 999999.
std::string print_float(double value) {
    constexpr double overflow = 0x1.ffffffp127;  // rounds to infinity
    if (std::abs(value) >= overflow) return value < 0 ? "-Inf" : "+Inf";
    auto const single = static_cast<float>(value);
    char text[32];
    auto end = std::to_chars(text, text + sizeof text, single, std::chars_format::scientific).ptr;
    std::string_view const scientific(text, static_cast<std::size_t>(end - text));
    auto const e = scientific.find('e');
    int exponent = 0;
    bool const negative = scientific[e + 1] == '-';
    std::from_chars(text + e + 2, end, exponent);
    if (negative) exponent = -exponent;
    if (exponent >= -4 && exponent < 6)
        end = std::to_chars(text, text + sizeof text, single, std::chars_format::fixed).ptr;
    return std::string(text, end);
}

std::optional<scalar_value> real(std::string_view text) {
    if (!decimal_number(text)) return std::nullopt;
    auto const unsigned_text = text.substr(text.starts_with('+') ? 1 : 0);
    double value = 0;
    auto const end = unsigned_text.data() + unsigned_text.size();
    if (std::from_chars(unsigned_text.data(), end, value).ec == std::errc::result_out_of_range) {
        if (!too_small(text)) return std::nullopt;
        value = text.starts_with('-') ? -0.0 : 0.0;
    }
    return scalar_value{scalar_kind::real, print_float(value)};
}

// What an untagged plain scalar is, by its first character and then its whole.
scalar_value resolve_plain(std::string_view text) {
    if (auto word = fixed_word(text)) return *std::move(word);
    char const first = text.front();
    std::optional<scalar_value> number;
    if (first == '.') {
        number = real(text);
    } else if (first == '+' || first == '-' || ascii::is_digit(first)) {
        std::string plain(text);
        std::erase(plain, '_');
        number = integer(plain);
        if (!number) number = real(plain);
    }
    return number ? *std::move(number) : scalar_value{scalar_kind::text, std::string(text)};
}

bool matches(std::string_view type, scalar_kind kind) {
    switch (kind) {
        case scalar_kind::null: return type == "null";
        case scalar_kind::boolean: return type == "bool";
        case scalar_kind::integer: return type == "int" || type == "float";
        case scalar_kind::big_unsigned: return type == "int";
        case scalar_kind::real:
        case scalar_kind::not_finite: return type == "float";
        case scalar_kind::text: return type == "timestamp";
    }
    return false;
}

}  // namespace

result<scalar_value> resolve_scalar(std::string_view tag, std::string_view text) {
    if (tag.empty()) return resolve_plain(text);
    auto const type = tag.starts_with(core_tags) ? tag.substr(core_tags.size()) : "";
    static constexpr std::string_view judged[] = {"null", "bool", "int", "float", "timestamp"};
    if (type == "binary")
        return failure(errc::invalid_metadata,
                       "The tag !!binary is not taken: write the text itself.");
    if (!one_of(type, judged)) return scalar_value{scalar_kind::text, std::string(text)};

    auto value = resolve_plain(text);
    if (!matches(type, value.kind))
        return failure(errc::invalid_metadata, "The value " + chart::quoted(text) +
                                                   " does not fit its tag !!" + printable(type) +
                                                   ".");
    // A whole number that is called a float is one, and prints like one.
    if (type == "float" && value.kind == scalar_kind::integer) return *real(value.text);
    return value;
}

result<std::string> key_text(scalar_kind kind, std::string_view text) {
    if (kind == scalar_kind::null || kind == scalar_kind::big_unsigned)
        return failure(
            errc::invalid_metadata,
            kind == scalar_kind::null
                ? std::string("A key is null; put it in quotes.")
                : "The number " + printable(text) + " is too large for a key; put it in quotes.");
    if (kind == scalar_kind::real || kind == scalar_kind::not_finite) {
        if (text == "+Inf") return std::string(".inf");
        if (text == "-Inf") return std::string("-.inf");
        if (text == "NaN") return std::string(".nan");
    }
    return std::string(text);
}

}  // namespace pilothouse::chart
