// What is secret in a document of values, and how the document is shown to those who may see it.
#include "base/ascii.hpp"
#include "release/redaction.hpp"
#include "release/user_values.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <utility>

namespace pilothouse::release {

namespace {

namespace json = boost::json;

constexpr std::size_t text_bytes_min = 6;
constexpr std::size_t line_bytes_min = 16;  // shorter ones may stand anywhere

std::string folded(std::string_view text) {
    std::string lower;
    for (char const c : text)
        if (ascii::is_letter_or_digit(c)) lower += ascii::lower(c);
    return lower;
}

// Names of secrets are none: people need them to see what is missing.
bool looks_secret(std::string_view key) {
    static constexpr std::array words = {"password",      "passwd", "passphrase", "pwd",
                                         "token",         "secret", "credential", "private",
                                         "authorization", "cookie", "salt",       "dsn"};
    static constexpr std::array harmless = {"name",    "namespace",   "ref",    "class",
                                            "enabled", "topologykey", "author", "authors"};
    auto const word = folded(key);
    if (std::ranges::any_of(harmless, [&](char const* end) { return word.ends_with(end); }))
        return false;
    return word.ends_with("key") || word.ends_with("keys") || word.ends_with("keydata") ||
           std::ranges::any_of(words, [&](char const* w) { return word.find(w) != word.npos; });
}

// Each text once. One more than a redaction takes is enough: it withholds everything then.
class texts_found {
public:
    [[nodiscard]] bool is_full() const {
        return texts_.size() > secret_texts_max || bytes_ > secret_bytes_max;
    }
    void add(std::string_view text) {
        if (text.size() < text_bytes_min) return;
        keep(text);
        if (text.find('\n') == text.npos) return;
        while (!text.empty() && !is_full()) {
            auto const end = std::min(text.find('\n'), text.size());
            if (end >= line_bytes_min) keep(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }
    [[nodiscard]] std::vector<std::string> take() {
        std::vector<std::string> all;
        all.reserve(texts_.size());
        while (!texts_.empty()) all.push_back(std::move(texts_.extract(texts_.begin()).value()));
        return all;
    }

private:
    void keep(std::string_view text) {
        if (texts_.emplace(text).second) bytes_ += text.size();
    }

    std::set<std::string> texts_;
    std::size_t bytes_ = 0;
};

// Environments are lists of these: {"name": "DB_PASSWORD", "value": …}.
bool names_a_secret(json::object const& pair) {
    auto const* const name = pair.if_contains("name");
    return name != nullptr && name->is_string() && looks_secret(name->get_string());
}

void gather(json::value const& value, bool secret, texts_found& found) {
    if (found.is_full()) return;
    switch (value.kind()) {
        case json::kind::string:
            if (secret) found.add(std::string_view(value.get_string()));
            break;
        case json::kind::int64:
        case json::kind::uint64:
            if (secret) found.add(json::serialize(value));
            break;
        case json::kind::array:
            for (auto const& item : value.get_array()) gather(item, secret, found);
            break;
        case json::kind::object: {
            bool const named = names_a_secret(value.get_object());
            for (auto const& item : value.get_object()) {
                bool const is_it = looks_secret(item.key()) || (named && item.key() == "value");
                gather(item.value(), secret || is_it, found);
            }
            break;
        }
        default: break;
    }
}

json::value parse(secret const& document) {
    boost::system::error_code bad;
    json::parse_options options;
    options.max_depth = 200;
    auto const text = document.reveal();
    auto value = json::parse({text.data(), text.size()}, bad, {}, options);
    return bad ? json::value() : value;
}

bool plain_in_yaml(std::string_view key) {
    return !key.empty() && ascii::is_letter(key.front()) && std::ranges::all_of(key, [](char c) {
        return ascii::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '/';
    });
}

// Quoted as JSON wherever YAML might see more in it than a text.
std::string key_word(std::string_view key) {
    static constexpr std::array words = {"null", "true", "false", "yes", "no",
                                         "on",   "off",  "y",     "n"};
    auto const lower = folded(key);
    bool const taken = std::ranges::find(words, lower) != words.end();
    if (plain_in_yaml(key) && !taken) return std::string(key);
    return json::serialize(json::string_view(key.data(), key.size()));
}

std::string scalar_word(json::value const& value) {
    if (!value.is_double()) return json::serialize(value);
    std::array<char, 32> text{};
    auto const end = std::to_chars(text.data(), text.data() + text.size(), value.get_double()).ptr;
    return {text.data(), end};
}

bool is_block(json::value const& value) {
    return (value.is_object() && !value.get_object().empty()) ||
           (value.is_array() && !value.get_array().empty());
}

void write(json::value const& value, std::size_t indent, std::string& out);

void write_item(json::value const& value, std::size_t indent, std::string& out) {
    if (!is_block(value)) {
        (out += ' ') += scalar_word(value);
        out += '\n';
        return;
    }
    out += '\n';
    write(value, indent + 2, out);
}

void write(json::value const& value, std::size_t indent, std::string& out) {
    if (value.is_object()) {
        for (auto const& item : value.get_object()) {
            out.append(indent, ' ') += key_word(item.key());
            out += ':';
            write_item(item.value(), indent, out);
        }
        return;
    }
    for (auto const& item : value.get_array()) {
        out.append(indent, ' ') += '-';
        write_item(item, indent, out);
    }
}

}  // namespace

std::vector<std::string> secret_texts(secret const& document) {
    texts_found found;
    gather(parse(document), false, found);
    return found.take();
}

secret values_as_yaml(secret const& document) {
    auto const value = parse(document);
    if (!is_block(value)) return secret("{}\n");
    std::string out;
    write(value, 0, out);
    return secret(std::move(out));
}

}  // namespace pilothouse::release
