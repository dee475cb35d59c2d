#include "release/value_path.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace pilothouse::release {

namespace {

failure wrong(std::string why) { return failure(errc::invalid_argument, std::move(why)); }

// Takes `[n]` off the front.
result<std::size_t> take_index(std::string_view& text) {
    auto const close = text.find(']');
    if (close == text.npos) return wrong("a bracket is not closed");
    auto const digits = text.substr(1, close - 1);
    std::size_t index = 0;
    bool const number = !digits.empty() && std::ranges::all_of(digits, ascii::is_digit) &&
                        (digits.size() == 1 || digits.front() != '0');
    if (!number) return wrong("between brackets belongs a number");
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (read.ec != std::errc{} || index > path_index_max)
        return wrong("an index is above " + std::to_string(path_index_max));
    text.remove_prefix(close + 1);
    return index;
}

// Takes a segment off the front, up to a dot or bracket.
result<std::string> take_key(std::string_view& text) {
    std::string key;
    while (!text.empty() && text.front() != '.' && text.front() != '[') {
        char c = text.front();
        text.remove_prefix(1);
        if (c == ']') return wrong("a bracket closes that was not opened");
        if (c == '\\') {
            if (text.empty() || std::string_view(".[]\\").find(text.front()) == std::string::npos)
                return wrong("a backslash stands before what needs none");
            c = text.front();
            text.remove_prefix(1);
        }
        key += c;
    }
    if (key.empty()) return wrong("a segment is empty");
    return key;
}

}  // namespace

result<value_path> read_path(std::string_view text) {
    if (text.empty()) return wrong("it is empty");
    if (text.size() > path_bytes_max)
        return wrong("it has more than " + std::to_string(path_bytes_max) + " bytes");
    value_path path;
    for (bool more = true; more;) {
        PILOTHOUSE_TRY(auto key, take_key(text));
        path.emplace_back(std::move(key));
        while (text.starts_with('[')) {
            PILOTHOUSE_TRY(auto const index, take_index(text));
            path.emplace_back(index);
        }
        if (path.size() > path_steps_max)
            return wrong("it is more than " + std::to_string(path_steps_max) + " deep");
        more = !text.empty();
        if (!more) break;
        if (text.front() != '.') return wrong("behind a bracket belongs a dot");
        text.remove_prefix(1);
    }
    return path;
}

}  // namespace pilothouse::release
