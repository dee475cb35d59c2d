#include "server/http/field_syntax.hpp"

#include <algorithm>

namespace pilothouse::http {

namespace {

bool is_space(char c) noexcept { return c == ' ' || c == '\t'; }

// Browsers send names in UTF-8, so bytes above 0x7f are welcome.
bool is_text(char c) noexcept {
    auto const byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

void skip_spaces(std::string_view& text) noexcept {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

std::string_view take_token(std::string_view& text) noexcept {
    auto const end = std::find_if_not(text.begin(), text.end(), is_token_character);
    auto const token = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(token.size());
    return token;
}

// Begins behind the opening quote, ends behind the closing one.
std::optional<std::string> take_quoted(std::string_view& text) {
    std::string value;
    while (!text.empty()) {
        char c = text.front();
        text.remove_prefix(1);
        if (c == '"') return value;
        if (c == '\\') {
            if (text.empty()) break;
            c = text.front();
            text.remove_prefix(1);
        }
        if (!is_text(c)) break;
        value += c;
    }
    return std::nullopt;
}

std::optional<std::string> take_value(std::string_view& text) {
    if (text.starts_with('"')) {
        text.remove_prefix(1);
        return take_quoted(text);
    }
    auto const token = take_token(text);
    if (token.empty()) return std::nullopt;
    return std::string(token);
}

}  // namespace

bool is_token_character(char c) noexcept {
    return ascii::is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_field_text(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_text);
}

std::string_view trim(std::string_view text) noexcept {
    skip_spaces(text);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

std::vector<std::string_view> list_elements(std::string_view list) {
    std::vector<std::string_view> elements;
    while (!list.empty()) {
        auto const comma = std::min(list.find(','), list.size());
        auto const element = trim(list.substr(0, comma));
        if (!element.empty()) elements.push_back(element);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return elements;
}

std::optional<std::string_view> only_line(request_head const& head,
                                          std::string_view name) noexcept {
    if (head.count(name) != 1) return std::nullopt;
    return head.field(name);
}

std::optional<std::string> joined_lines(request_head const& head, std::string_view name) {
    std::optional<std::string> joined;
    for (auto const& [n, value] : head.fields) {
        if (!equal_ignoring_case(n, name)) continue;
        if (joined) *joined += ", ";
        if (!joined) joined.emplace();
        *joined += value;
    }
    return joined;
}

std::string const* parameterised::find(std::string_view name) const noexcept {
    for (auto const& [n, v] : parameters) {
        if (equal_ignoring_case(n, name)) return &v;
    }
    return nullptr;
}

std::size_t parameterised::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(
        std::count_if(parameters.begin(), parameters.end(),
                      [name](auto const& p) { return equal_ignoring_case(p.first, name); }));
}

std::optional<parameterised> parse_parameterised(std::string_view text) {
    parameterised parsed;
    auto const semicolon = std::min(text.find(';'), text.size());
    parsed.value = trim(text.substr(0, semicolon));
    if (!is_field_text(parsed.value)) return std::nullopt;
    text.remove_prefix(semicolon);
    while (!text.empty()) {
        if (text.front() != ';') return std::nullopt;
        text.remove_prefix(1);
        skip_spaces(text);
        if (text.empty() || text.front() == ';') continue;
        auto const name = take_token(text);
        if (name.empty() || !text.starts_with('=')) return std::nullopt;
        text.remove_prefix(1);
        auto value = take_value(text);
        if (!value) return std::nullopt;
        parsed.parameters.emplace_back(name, std::move(*value));
        skip_spaces(text);
    }
    return parsed;
}

}  // namespace pilothouse::http
