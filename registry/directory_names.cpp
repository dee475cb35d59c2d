#include "registry/directory_names.hpp"

#include <array>
#include <utility>

namespace pilothouse::registry {

namespace {

using storage::duplicates_rule;
using storage::role;
using storage::visibility;

template <class Value, std::size_t N>
using names = std::array<std::pair<Value, std::string_view>, N>;

constexpr names<visibility, 3> visibilities = {{
    {visibility::private_, "private"},
    {visibility::internal, "internal"},
    {visibility::public_, "public"},
}};

constexpr names<duplicates_rule, 3> duplicates = {{
    {duplicates_rule::refuse, "refuse"},
    {duplicates_rule::prerelease_only, "prerelease_only"},
    {duplicates_rule::allow, "allow"},
}};

constexpr names<role, 5> roles = {{
    {role::guest, "guest"},
    {role::reporter, "reporter"},
    {role::developer, "developer"},
    {role::maintainer, "maintainer"},
    {role::owner, "owner"},
}};

template <class Value, std::size_t N>
std::string_view name_in(names<Value, N> const& all, Value wanted) noexcept {
    for (auto const& [value, name] : all)
        if (value == wanted) return name;
    return "none";
}

template <class Value, std::size_t N>
std::optional<Value> parse_in(names<Value, N> const& all, std::string_view wanted) noexcept {
    for (auto const& [value, name] : all)
        if (name == wanted) return value;
    return std::nullopt;
}

template <class Value, std::size_t N>
std::vector<std::string> list_of(names<Value, N> const& all) {
    std::vector<std::string> list;
    for (auto const& [value, name] : all) list.emplace_back(name);
    return list;
}

}  // namespace

std::string_view name_of(visibility v) noexcept { return name_in(visibilities, v); }
std::string_view name_of(duplicates_rule d) noexcept { return name_in(duplicates, d); }
std::string_view name_of(role r) noexcept { return r == role::admin ? "admin" : name_in(roles, r); }

std::optional<visibility> parse_visibility(std::string_view name) noexcept {
    return parse_in(visibilities, name);
}
std::optional<duplicates_rule> parse_duplicates(std::string_view name) noexcept {
    return parse_in(duplicates, name);
}
std::optional<role> parse_role(std::string_view name) noexcept { return parse_in(roles, name); }

std::vector<std::string> visibility_names() { return list_of(visibilities); }
std::vector<std::string> duplicates_names() { return list_of(duplicates); }
std::vector<std::string> role_names() { return list_of(roles); }

}  // namespace pilothouse::registry
