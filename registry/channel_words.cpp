#include "registry/channel_words.hpp"

#include "base/quantity.hpp"
#include "registry/directory_names.hpp"

#include <array>
#include <cstdint>
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
    auto const seconds = parse_quantity(text, lettered_duration_units);
    if (!seconds) return std::nullopt;
    return std::chrono::seconds(static_cast<std::int64_t>(*seconds));
}

std::string age_text(std::chrono::seconds age) {
    auto text = print_quantity(static_cast<std::uint64_t>(age.count()), lettered_duration_units);
    std::erase(text, ' ');
    return text;
}

}  // namespace pilothouse::registry
