#include "chart/pax_header.hpp"

#include "base/ascii.hpp"
#include "chart/quote.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace pilothouse::chart {

namespace {

failure unsound_pax(std::string_view why) {
    return failure(errc::invalid_archive,
                   "The archive is not a sound tar: in a pax header, " + std::string(why) + ".");
}

// Digits alone, few enough for every reader.
std::optional<std::uint64_t> number(std::string_view text) {
    constexpr std::size_t digits_max = 18;
    if (text.empty() || text.size() > digits_max) return std::nullopt;
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// Seconds, perhaps before 1970, perhaps with a fraction; or the number of a user.
bool numeric(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    auto const point = text.find('.');
    bool const fraction = point != text.npos;
    return number(text.substr(0, point)) &&
           (!fraction ||
            std::all_of(text.begin() + static_cast<long>(point) + 1, text.end(), ascii::is_digit));
}

struct record {
    std::string_view key, value;
};

// Takes the next record off the front.
result<record> take_record(std::string_view& body) {
    auto const blank = body.find(' ');
    auto const length = number(body.substr(0, blank));
    if (!length || *length > body.size() || *length < blank + 2)
        return unsound_pax("a record does not have the length that it says");
    auto text = body.substr(0, static_cast<std::size_t>(*length));
    body.remove_prefix(text.size());
    if (text.back() != '\n') return unsound_pax("a record does not end with its line");
    text = text.substr(blank + 1, text.size() - blank - 2);
    auto const equals = text.find('=');
    if (equals == 0 || equals == text.npos) return unsound_pax("a record has no key");
    record const one{text.substr(0, equals), text.substr(equals + 1)};
    if (one.key.find('\0') != one.key.npos) return unsound_pax("a key holds a NUL");
    return one;
}

bool is_one_of(std::string_view key, auto const& keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

result<pax_header> parse_pax_header(std::string_view body) {
    using namespace std::string_view_literals;
    constexpr std::array texts{"path"sv, "linkpath"sv, "uname"sv, "gname"sv};
    constexpr std::array numbers{"size"sv, "uid"sv, "gid"sv, "mtime"sv, "atime"sv, "ctime"sv};
    pax_header header;
    while (!body.empty()) {
        PILOTHOUSE_TRY(auto const one, take_record(body));
        bool const text = is_one_of(one.key, texts);
        if ((text && (one.value.empty() || one.value.find('\0') != one.value.npos)) ||
            (is_one_of(one.key, numbers) && !numeric(one.value)))
            return unsound_pax(chart::quoted(one.key) + " is " + chart::quoted(one.value));
        // Of these, readers differ in the name and size of the file.
        if (one.key.starts_with("GNU.sparse") || one.key == "SCHILY.realsize")
            return unsound_pax(chart::quoted(one.key) + " stands for a sparse file");
        if (one.key == "path") header.path = one.value;
        if (one.key != "size") continue;
        header.size = number(one.value);
        if (!header.size) return unsound_pax("\"size\" is " + chart::quoted(one.value));
    }
    return header;
}

}  // namespace pilothouse::chart
