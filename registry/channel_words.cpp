#include "registry/channel_words.hpp"

#include "registry/directory_names.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace pilothouse::registry {

namespace {

using storage::index_choice;

constexpr std::string_view inherit = "inherit";

constexpr std::array<std::pair<index_choice, std::string_view>, 3> choices = {{
    {index_choice::inherit, inherit},
    {index_choice::json, "json"},
    {index_choice::yaml, "yaml"},
}};

constexpr std::array<std::pair<char, std::int64_t>, 4> units = {
    {{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};
constexpr std::int64_t age_number_max = 1'000'000'000;

}  // namespace

std::string_view name_of(index_choice c) noexcept {
    for (auto const& [value, name] : choices)
        if (value == c) return name;
    return inherit;
}

std::optional<index_choice> parse_index_choice(std::string_view name) noexcept {
    for (auto const& [value, word] : choices)
        if (word == name) return value;
    return std::nullopt;
}

std::vector<std::string> index_choice_names() {
    std::vector<std::string> all;
    for (auto const& [value, name] : choices) all.emplace_back(name);
    return all;
}

std::string_view name_of(std::optional<storage::duplicates_rule> const& d) noexcept {
    return d ? name_of(*d) : inherit;
}

std::optional<std::optional<storage::duplicates_rule>> parse_channel_duplicates(
    std::string_view name) noexcept {
    using choice = std::optional<storage::duplicates_rule>;
    if (name == inherit) return choice();
    auto const rule = parse_duplicates(name);
    return rule ? std::optional<choice>(rule) : std::nullopt;
}

std::vector<std::string> channel_duplicates_names() {
    auto all = duplicates_names();
    all.insert(all.begin(), std::string(inherit));
    return all;
}

auth::audited channel_thing(std::string name, storage::channel_id id) {
    return {"Channel", id.value, std::move(name)};
}

std::optional<std::chrono::seconds> parse_age(std::string_view text) noexcept {
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    bool const one_letter = error == std::errc() && end + 1 == last;
    if (!one_letter || number < 0 || number > age_number_max) return std::nullopt;
    for (auto const& [letter, seconds] : units)
        if (letter == *end) return std::chrono::seconds(number * seconds);
    return std::nullopt;
}

std::string age_text(std::chrono::seconds age) {
    for (auto const& [letter, seconds] : units)
        if (age.count() % seconds == 0) return std::to_string(age.count() / seconds) + letter;
    return {};
}

}  // namespace pilothouse::registry
