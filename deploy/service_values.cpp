// The values of a service: files, and what Helm's --set, --set-string and --set-json would make.
#include "base/ascii.hpp"
#include "chart/quote.hpp"
#include "deploy/service_configuration.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace pilothouse::deploy {

namespace {

using typing = std::string (*)(std::string_view);
using overlays = std::vector<release::user_value>;

std::string quoted(std::string_view text) {
    return boost::json::serialize(boost::json::string(text));
}

// Helm takes no number with a leading zero, no fraction and no exponent for a number here.
std::optional<std::int64_t> integer_in(std::string_view text) {
    if (text == "0") return 0;
    if (text.starts_with('0')) return std::nullopt;
    bool const plus = text.size() > 1 && text[0] == '+' && ascii::is_digit(text[1]);
    if (plus) text.remove_prefix(1);
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [last, bad] = std::from_chars(text.data(), end, number);
    if (text.empty() || bad != std::errc() || last != end) return std::nullopt;
    return number;
}

std::string typed(std::string_view text) {
    for (std::string_view const word : {"true", "false", "null"})
        if (ascii::equal_ignoring_case(text, word)) return std::string(word);
    if (auto const number = integer_in(text)) return std::to_string(*number);
    return quoted(text);
}

// What a backslash says in one of Helm's keys, for release::read_path(), which knows fewer.
std::string as_path(std::string_view key) {
    std::string path;
    for (std::size_t i = 0; i < key.size(); ++i) {
        bool const escapes = key[i] == '\\' && i + 1 < key.size();
        if (escapes && std::string_view(".[]\\").find(key[++i]) != std::string_view::npos)
            path += '\\';
        path += key[i];
    }
    return path;
}

// What stands behind `key=` of one pair, as Helm reads it: a text or a list `{a,b}`, and behind a
// comma another pair. A backslash takes the meaning from whatever follows it.
class pair_text {
public:
    pair_text(std::string_view text, typing type) : text_(text), type_(type) {}

    // Where that is no pair: a sentence without the text, which may be a secret.
    [[nodiscard]] result<overlays> read(std::string const& key) {
        overlays all;
        PILOTHOUSE_TRY(auto first, value());
        all.push_back({as_path(key), secret(std::move(first))});
        while (at_ < text_.size()) {
            PILOTHOUSE_TRY(auto next, following_key());
            PILOTHOUSE_TRY(auto json, value());
            if (!next.empty()) all.push_back({as_path(next), secret(std::move(json))});
        }
        return all;
    }

private:
    static failure bad(char const* why) { return {errc::invalid_argument, why}; }

    [[nodiscard]] result<std::string> value() {
        if (!text_.substr(at_).starts_with('{')) return type_(until(",").first);
        ++at_;
        std::string list = "[";
        for (;;) {
            auto const [item, stop] = until(",}");
            if (stop == '\0') return bad("a list ends with }");
            if (list.size() > 1) list += ',';
            list += type_(item);
            if (stop == '}') break;
        }
        if (text_.substr(at_).starts_with(',')) ++at_;
        return list + "]";
    }

    // As it is written, with its backslashes.
    [[nodiscard]] result<std::string> following_key() {
        auto const begin = at_;
        auto const [ignored, stop] = until("=,");
        if (stop != '=')
            return bad("behind a comma stands another key=text; a comma of the text is \\,");
        return std::string(text_.substr(begin, at_ - 1 - begin));
    }

    // Up to one of them, which is taken and named, or to the end ('\0'); without the backslashes.
    std::pair<std::string, char> until(std::string_view stops) {
        std::string plain;
        while (at_ < text_.size()) {
            char c = text_[at_++];
            if (stops.find(c) != std::string_view::npos) return {plain, c};
            if (c == '\\') {
                if (at_ == text_.size()) break;
                c = text_[at_++];
            }
            plain += c;
        }
        return {plain, '\0'};
    }

    std::string_view text_;
    typing type_;
    std::size_t at_ = 0;
};

result<void> check_pairs(char const* list, std::vector<values_override::pair> const& pairs) {
    for (auto const& [key, text] : pairs)
        if (auto const read = pair_text(text.reveal(), quoted).read(key); !read)
            return failure(errc::invalid_argument, "values_override." + std::string(list) + ": " +
                                                       chart::quoted(key) + ": " +
                                                       read.error().detail);
    return {};
}

// What Helm would refuse is a text: it was taken before it was judged.
void add(overlays& to, std::vector<values_override::pair> const& pairs, typing type) {
    for (auto const& [key, text] : pairs) {
        auto read = pair_text(text.reveal(), type).read(key);
        if (!read) read = overlays{{key, secret(quoted(text.reveal()))}};
        for (auto& each : *read) to.push_back(std::move(each));
    }
}

// JSON has escapes that YAML has not: `\/`, and characters in halves.
secret as_yaml(secret const& text) {
    if (text.reveal().find('\\') == std::string::npos) return text;
    boost::system::error_code wrong;
    auto const value = boost::json::parse(text.reveal(), wrong);
    return wrong ? text : secret(boost::json::serialize(value));
}

}  // namespace

result<void> check_pairs(values_override const& v) {
    if (auto const good = check_pairs("set", v.set); !good) return good.error();
    return check_pairs("set_string", v.set_string);
}

release::values_given values_of(values_override const& v) {
    release::values_given given;
    for (auto const& file : v.files) given.documents.push_back(file.content);
    add(given.overlays, v.set, typed);
    add(given.overlays, v.set_string, quoted);
    for (auto const& [key, text] : v.set_json) given.overlays.push_back({key, as_yaml(text)});
    return given;
}

}  // namespace pilothouse::deploy
