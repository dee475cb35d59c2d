#include "auth/scopes.hpp"

#include <algorithm>
#include <array>

namespace pilothouse::auth {

namespace {

using storage::token_kind;

constexpr std::array<std::string_view, 16> personal_scopes = {
    "api",
    "read_user",
    "read_api",
    "read_repository",
    "write_repository",
    "read_registry",
    "write_registry",
    "read_virtual_registry",
    "write_virtual_registry",
    "sudo",
    "admin_mode",
    "create_runner",
    "manage_runner",
    "ai_features",
    "k8s_proxy",
    "self_rotate",
};

constexpr std::array<std::string_view, 7> deploy_scopes = {
    "read_repository",        "read_registry",          "write_registry",
    "read_package_registry",  "write_package_registry", "read_virtual_registry",
    "write_virtual_registry",
};

scope bit_of(std::string_view name) noexcept {
    if (name == "api") return scope::api;
    if (name == "read_api") return scope::read_api;
    if (name == "read_package_registry") return scope::read_package_registry;
    if (name == "write_package_registry") return scope::write_package_registry;
    if (name == "read_user") return scope::read_user;
    if (name == "self_rotate") return scope::self_rotate;
    return scope::other;
}

std::string listed(std::span<std::string_view const> names) {
    std::string text;
    for (std::string_view const name : names) {
        if (!text.empty()) text += ", ";
        text += name;
    }
    return text;
}

}  // namespace

std::span<std::string_view const> legal_scopes(token_kind kind) noexcept {
    switch (kind) {
        case token_kind::personal: return personal_scopes;
        case token_kind::deploy: return deploy_scopes;
        case token_kind::job: break;
    }
    return {};
}

result<std::vector<std::string>> check_scopes(token_kind kind,
                                              std::vector<std::string> const& names) {
    auto const legal = legal_scopes(kind);
    if (legal.empty()) {
        if (names.empty()) return std::vector<std::string>();
        return failure(errc::invalid_argument,
                       "a job token takes no scope: it has the rights of its user");
    }
    if (names.empty())
        return failure(errc::invalid_argument,
                       "a token needs at least one scope; there are " + listed(legal));
    // The unknown name itself is not repeated: it is the caller's text, not ours.
    for (std::string const& name : names)
        if (std::ranges::find(legal, name) == legal.end())
            return failure(errc::invalid_argument, "unknown scope; there are " + listed(legal));
    std::vector<std::string> in_order;
    for (std::string_view const name : legal)
        if (std::ranges::find(names, name) != names.end()) in_order.emplace_back(name);
    return in_order;
}

scope scope_bits(std::vector<std::string> const& names) noexcept {
    scope bits = scope::none;
    for (std::string const& name : names) bits = bits | bit_of(name);
    return bits;
}

}  // namespace pilothouse::auth
