#include "server/gitlab/parameters.hpp"

#include "base/plain_text.hpp"
#include "base/utf8.hpp"
#include "server/http/field_syntax.hpp"
#include "server/http/multipart_reader.hpp"
#include "server/http/query.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace pilothouse::gitlab {

namespace json = boost::json;

namespace {

constexpr std::size_t json_depth_max = 16;
// Each is compared with those before it.
constexpr std::size_t added_max = 1000;
// An object's name is repeated for each of its members.
constexpr std::size_t object_name_bytes_max = 100;
// Of unknown ones, in a complaint.
constexpr std::size_t names_shown_max = 5;
constexpr std::size_t name_shown_max = 60;

failure malformed(std::string detail) { return {errc::invalid_argument, std::move(detail)}; }

task<result<std::string>> read_whole(http::body_source& body) {
    std::string all;
    while (true) {
        PILOTHOUSE_CO_TRY(auto const bytes, co_await body.read());
        if (bytes.empty()) co_return all;
        all += bytes;
    }
}

std::string text_of(json::value const& v) {
    if (auto const* const text = v.if_string()) return std::string(*text);
    return json::serialize(v);  // a number or a boolean
}

std::vector<std::string> split_at_commas(std::string_view text) {
    std::vector<std::string> words;
    for (auto const word : http::list_elements(text)) words.emplace_back(word);
    return words;
}

template <class Texts>
std::string joined(Texts const& all) {
    std::string text;
    for (auto const& one : all) text += (text.empty() ? "" : ", ") + one;
    return text;
}

template <std::size_t N>
bool is_one_of(std::string_view text, std::array<std::string_view, N> const& words) {
    return std::ranges::find(words, text) != words.end();
}

}  // namespace

task<result<parameters>> parameters::read(http::exchange& x) {
    parameters p;
    p.add_pairs(x.head.query, true);
    PILOTHOUSE_CO_TRY(auto const body, co_await read_whole(x.body));
    auto const type = x.head.field("Content-Type");
    auto const parsed = http::parse_parameterised(type);
    auto const name = parsed ? parsed->value : std::string_view();
    result<void> read;
    if (body.empty()) {
        // Clients name a type for bodies that they do not send.
    } else if (http::equal_ignoring_case(name, "application/x-www-form-urlencoded")) {
        p.add_pairs(body, false);
    } else if (http::equal_ignoring_case(name, "multipart/form-data")) {
        read = p.add_multipart(type, body);
    } else if (name.empty() || http::equal_ignoring_case(name, "application/json")) {
        read = p.add_json(body);
    } else {
        read = malformed(std::string(unknown_body_type));
    }
    if (read && p.added_ > added_max) read = malformed("more than 1000 parameters");
    if (read) read = p.check_text();
    if (!read) co_return read.error();
    co_return p;
}

// What is kept is shown again, in JSON.
result<void> parameters::check_text() const {
    auto const good = [](std::string_view text) {
        for (std::size_t at = 0; at < text.size();)
            if (next_code_point(text, at) == not_utf8) return false;
        return true;
    };
    for (auto const& [name, v] : values_) {
        auto const* const text = std::get_if<std::string>(&v);
        auto const* const words = std::get_if<std::vector<std::string>>(&v);
        if (good(name) && (text == nullptr || good(*text)) &&
            (words == nullptr || std::ranges::all_of(*words, good)))
            continue;
        return malformed("a parameter is not UTF-8");
    }
    return {};
}

void parameters::add_pairs(std::string_view encoded, bool of_query) {
    while (!encoded.empty() && added_ <= added_max) {
        auto [name, value] = http::take_pair(encoded);
        if (name.empty() && value.empty()) continue;  // `a=1&&b=2`
        if (of_query) query_.emplace_back(name, value);
        add(std::move(name), std::move(value));
    }
}

result<void> parameters::add_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code error;
    auto const parsed = json::parse({text.data(), text.size()}, error, {}, options);
    if (error) return malformed("message body does not match declared format: not JSON");
    if (parsed.is_null()) return {};
    auto const* const object = parsed.if_object();
    if (object == nullptr)
        return malformed("message body does not match declared format: not a JSON object");
    for (auto const& [key, v] : *object) {
        add(key, value_of(v));
        auto const* const members = v.if_object();
        if (members == nullptr || key.size() > object_name_bytes_max) continue;
        for (auto const& [member, of_member] : *members)
            add(std::string(key) + "[" + std::string(member) + "]", value_of(of_member));
    }
    return {};
}

parameters::value parameters::value_of(json::value const& v) {
    if (v.is_null()) return nullptr;
    if (v.is_object()) return object();
    auto const* const array = v.if_array();
    if (array == nullptr) return text_of(v);
    std::vector<std::string> words;
    for (auto const& element : *array) words.push_back(text_of(element));
    return words;
}

// Files are left out: no picture of anybody is kept here.
result<void> parameters::add_multipart(std::string_view content_type, std::string_view body) {
    PILOTHOUSE_TRY(auto const boundary, http::boundary_of(content_type));
    http::multipart_reader reader(boundary, {.parts = 100});
    PILOTHOUSE_TRY(auto const events, reader.feed(body));
    std::optional<std::string> name;
    std::string content;
    for (auto const& event : events) {
        if (auto const* const part = std::get_if<http::multipart_reader::part_begin>(&event)) {
            name.reset();
            if (!part->part.file_name) name = part->part.name;
            content.clear();
        } else if (auto const* const data =
                       std::get_if<http::multipart_reader::part_data>(&event)) {
            content += data->bytes;
        } else if (std::holds_alternative<http::multipart_reader::part_end>(event) && name) {
            add(*name, content);
        }
    }
    return reader.end();
}

void parameters::add(std::string name, value v) {
    if (++added_ > added_max) return;
    bool const of_list = name.ends_with("[]");
    if (of_list) name.resize(name.size() - 2);
    auto const at = std::ranges::find(values_, name, [](auto const& pair) { return pair.first; });
    if (!of_list) {
        if (at != values_.end())
            at->second = std::move(v);
        else
            values_.emplace_back(std::move(name), std::move(v));
        return;
    }
    auto* const words =
        at == values_.end() ? nullptr : std::get_if<std::vector<std::string>>(&at->second);
    auto const* const text = std::get_if<std::string>(&v);
    if (text == nullptr) return;
    if (words != nullptr) {
        words->push_back(*text);
    } else {
        values_.emplace_back(std::move(name), std::vector{*text});
    }
}

parameters::value const* parameters::find(std::string_view name) const {
    if (refuses_unknown_) looked_for_.emplace(name);
    for (auto const& [key, v] : values_)
        if (key == name) return &v;
    return nullptr;
}

bool parameters::has(std::string_view name) const {
    auto const* const v = find(name);
    return v != nullptr && !std::holds_alternative<std::nullptr_t>(*v);
}

bool parameters::is_object(std::string_view name) const {
    auto const* const v = find(name);
    return v != nullptr && std::holds_alternative<object>(*v);
}

bool parameters::is_empty(std::string_view name) const {
    auto const* const v = find(name);
    if (v == nullptr) return false;
    auto const* const text = std::get_if<std::string>(v);
    return std::holds_alternative<std::nullptr_t>(*v) || (text != nullptr && text->empty());
}

std::optional<std::string> parameters::text(std::string_view name) {
    if (!has(name)) return std::nullopt;
    auto const* const text = std::get_if<std::string>(find(name));
    if (text == nullptr) complain(std::string(name) + " is invalid");
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

std::optional<std::int64_t> parameters::integer(std::string_view name) {
    auto const read = text(name);
    if (!read || read->empty()) return std::nullopt;
    std::int64_t value = 0;
    auto const* const last = read->data() + read->size();
    auto const [end, error] = std::from_chars(read->data(), last, value);
    if (error == std::errc() && end == last) return value;
    complain(std::string(name) + " is invalid");
    return std::nullopt;
}

std::optional<bool> parameters::flag(std::string_view name) {
    constexpr std::array<std::string_view, 14> yes = {
        "true", "True", "TRUE", "t", "T", "1", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES"};
    constexpr std::array<std::string_view, 14> no = {
        "false", "False", "FALSE", "f", "F", "0", "off", "Off", "OFF", "n", "N", "no", "No", "NO"};
    auto const read = text(name);
    if (!read || read->empty()) return std::nullopt;
    if (is_one_of(*read, yes)) return true;
    if (is_one_of(*read, no)) return false;
    complain(std::string(name) + " is invalid");
    return std::nullopt;
}

std::optional<instant> parameters::time(std::string_view name) {
    constexpr std::size_t date_length = 10;
    auto const read = text(name);
    if (!read || read->empty()) return std::nullopt;
    auto const at = from_rfc3339(read->size() == date_length ? *read + "T00:00:00Z" : *read);
    if (!at) complain(std::string(name) + " is invalid");
    return at;
}

std::optional<std::string> parameters::word(std::string_view name,
                                            std::initializer_list<std::string_view> legal) {
    auto read = text(name);
    if (!read || read->empty()) return std::nullopt;
    if (std::ranges::find(legal, *read) != legal.end()) return read;
    complain(std::string(name) + " does not have a valid value");
    return std::nullopt;
}

std::vector<std::string> parameters::list(std::string_view name) {
    auto const* const v = find(name);
    if (v == nullptr) return {};
    if (auto const* const words = std::get_if<std::vector<std::string>>(v)) return *words;
    if (auto const* const text = std::get_if<std::string>(v)) return split_at_commas(*text);
    if (std::holds_alternative<object>(*v))
        complain(std::string(name) + " is invalid: it is a list of texts");
    return {};
}

void parameters::require(std::initializer_list<std::string_view> names) {
    for (auto const name : names)
        if (!has(name)) complain(std::string(name) + " is missing");
}

// A name that cannot be shown is one all the same, and so is the member of an object (`a[b]`) that
// nobody has looked for.
std::vector<std::string> parameters::unknown_names() const {
    std::vector<std::string> unknown;
    if (!refuses_unknown_) return unknown;
    for (auto const& [name, v] : values_) {
        if (looked_for_.contains(name)) continue;
        if (unknown.size() == names_shown_max) break;
        bool const good =
            pilothouse::check_text("name", name, name_shown_max, text_shape::one_line).has_value();
        unknown.push_back(good ? name : "a name");
    }
    return unknown;
}

result<void> parameters::verdict() const {
    auto all = complaints_;
    if (auto const unknown = unknown_names(); !unknown.empty())
        all.push_back(
            joined(unknown) + (unknown.size() == 1 ? " is" : " are") +
            " unknown (taken: " + (looked_for_.empty() ? "nothing" : joined(looked_for_)) + ")");
    if (all.empty()) return {};
    return failure(errc::invalid_argument, joined(all));
}

}  // namespace pilothouse::gitlab
