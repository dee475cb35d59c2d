#include "release/redaction.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/hex.hpp"
#include "base/percent_encoding.hpp"

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

namespace pilothouse::release {

namespace {

constexpr std::size_t least_bytes = 4;
constexpr std::size_t least_line_bytes = 8;  // of one with several lines: `}` is nobody's secret

// Ten of each secret, and one for each line.
constexpr std::size_t forms_max = 16 * secret_texts_max;

// The digits that these bytes alone decide, when `before` bytes (0 to 2) of a group of three stand
// before them, and anything behind them.
std::string base64_core(std::string_view bytes, std::size_t before) {
    auto const all = encode_base64(std::string(before, '\0') + std::string(bytes));
    auto const begin = (8 * before + 5) / 6;
    auto const end = 8 * (before + bytes.size()) / 6;
    return all.substr(begin, end - begin);
}

std::string url_safe(std::string text) {
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

// As JSON and Go write it between quotes; `html`: with Go's habit of escaping three more.
std::string escaped(std::string_view text, bool html) {
    std::string out;
    for (char const c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\t')
            out += "\\t";
        else if (c == '\r')
            out += "\\r";
        else if (html && (c == '<' || c == '>' || c == '&'))
            out += "\\u00" + to_hex(std::string_view(&c, 1));
        else
            out += c;
    }
    return out;
}

bool token_character(char c) {
    return ascii::is_letter_or_digit(c) ||
           std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

// Where a token that begins at `at` ends.
std::size_t token_end(std::string_view text, std::size_t at) {
    while (at < text.size() && token_character(text[at])) ++at;
    return at;
}

void strike(std::string& text, std::size_t from, std::size_t to) {
    text.replace(from, to - from, redacted_mark);
}

void strike_all(std::string& text, std::string_view form) {
    for (auto at = text.find(form); at != text.npos; at = text.find(form, at)) {
        strike(text, at, at + form.size());
        at += redacted_mark.size();
    }
}

void strike_bearer_tokens(std::string& text) {
    constexpr std::string_view word = "bearer ";
    for (std::size_t at = 0; at + word.size() < text.size(); ++at) {
        if (!ascii::equal_ignoring_case(std::string_view(text).substr(at, word.size()), word))
            continue;
        auto const from = at + word.size();
        auto const to = token_end(text, from);
        constexpr std::size_t least = 8;  // "bearer token" is not one
        if (to - from >= least) strike(text, from, to);
    }
}

void strike_signed_tokens(std::string& text) {
    constexpr std::string_view begin = "eyJ";
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin, at + 1)) {
        auto const to = token_end(text, at);
        if (std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                       text.begin() + static_cast<std::ptrdiff_t>(to), '.') >= 2)
            strike(text, at, to);
    }
}

void strike_url_passwords(std::string& text) {
    constexpr std::string_view mark = "://";
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + 1)) {
        auto const from = at + mark.size();
        auto const end = text.find_first_of("/ \"'\n", from);
        auto const sign = std::string_view(text).substr(from, end - from).rfind('@');
        if (sign != std::string_view::npos) strike(text, from, from + sign);
    }
}

}  // namespace

redaction::redaction(std::vector<std::string> const& secrets,
                     std::vector<std::string> private_paths) {
    std::set<std::string_view> const texts(secrets.begin(), secrets.end());
    std::size_t bytes = 0;
    for (auto const text : texts) bytes += text.size();
    withholds_ = texts.size() > secret_texts_max || bytes > secret_bytes_max;
    if (withholds_) return;
    for (auto const text : texts) add_forms(text);
    for (auto& path : private_paths) add(std::move(path));
    std::ranges::sort(forms_, [](auto const& a, auto const& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    auto const same = std::ranges::unique(forms_);
    forms_.erase(same.begin(), same.end());
    withholds_ = forms_.size() > forms_max;
    if (withholds_) forget();
}

redaction::~redaction() { forget(); }

void redaction::forget() noexcept {
    for (auto& form : forms_) ::explicit_bzero(form.data(), form.size());
    forms_.clear();
}

void redaction::add(std::string form) {
    if (form.size() >= least_bytes) forms_.push_back(std::move(form));
}

void redaction::add_forms(std::string_view secret) {
    if (secret.size() < least_bytes) return;
    add(std::string(secret));
    add(escaped(secret, false));
    add(escaped(secret, true));
    add(percent_encode(secret));
    for (std::size_t before = 0; before < 3; ++before) {
        auto core = base64_core(secret, before);
        add(url_safe(core));
        add(std::move(core));
    }
    if (secret.find('\n') == secret.npos) return;
    while (!secret.empty()) {
        auto const end = std::min(secret.find('\n'), secret.size());
        auto line = secret.substr(0, end);
        while (line.starts_with(' ')) line.remove_prefix(1);
        if (line.size() >= least_line_bytes) add(std::string(line));
        secret.remove_prefix(std::min(end + 1, secret.size()));
    }
}

std::string redaction::operator()(std::string_view text) const {
    if (withholds_ && !text.empty()) return std::string(withheld_mark);
    std::string out(text);
    for (auto const& form : forms_) strike_all(out, form);
    strike_bearer_tokens(out);
    strike_signed_tokens(out);
    strike_url_passwords(out);
    return out;
}

}  // namespace pilothouse::release
