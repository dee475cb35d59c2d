#include "chart/chart_name.hpp"

#include "base/ascii.hpp"
#include "chart/quote.hpp"

namespace pilothouse::chart {

namespace {

constexpr std::size_t chart_name_bytes_max = 250;
constexpr std::size_t channel_name_bytes_max = 255;

using ascii::is_letter_or_digit;

constexpr bool separator(char c) { return c == '.' || c == '-' || c == '_'; }

bool well_formed_chart_name(std::string_view text) {
    if (text.empty() || text.size() > chart_name_bytes_max || !is_letter_or_digit(text.front()))
        return false;
    for (char const c : text)
        if (!is_letter_or_digit(c) && !separator(c)) return false;
    return true;
}

bool well_formed_channel_name(std::string_view text) {
    if (text.empty() || text.size() > channel_name_bytes_max) return false;
    bool after_separator = true;  // so none may stand at the beginning
    for (char const c : text) {
        if (!is_letter_or_digit(c) && (!separator(c) || after_separator)) return false;
        after_separator = separator(c);
    }
    return !after_separator;
}

}  // namespace

result<chart_name> chart_name::parse(std::string_view text) {
    if (well_formed_chart_name(text)) return chart_name(text);
    return failure(errc::unacceptable_chart,
                   "The chart name " + chart::quoted(text) +
                       " is not taken: a name begins with a letter or digit, goes on with letters, "
                       "digits, '.', '-' or '_', and has at most 250 characters.");
}

result<channel_name> channel_name::parse(std::string_view text) {
    if (well_formed_channel_name(text)) return channel_name(text);
    return failure(errc::invalid_channel,
                   "The channel name " + chart::quoted(text) +
                       " is not taken: a channel is letters and digits with single '.', '-' or '_' "
                       "between two of them, and has at most 255 characters.");
}

}  // namespace pilothouse::chart
