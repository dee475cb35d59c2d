// The names of scopes, and the bits they stand for.
#pragma once

#include "auth/principal.hpp"
#include "base/result.hpp"
#include "storage/token_store.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::auth {

// GitLab's names for tokens of this kind (contracts: gitlab 2), so that scripts written for it work
// here. Most give nothing on this server. Job tokens have none.
[[nodiscard]] std::span<std::string_view const> legal_scopes(storage::token_kind kind) noexcept;

// The names again, each once and in GitLab's order. errc::invalid_argument, with the legal names:
// an unknown name, no name at all where some are needed, any name for a job token.
[[nodiscard]] result<std::vector<std::string>> check_scopes(storage::token_kind kind,
                                                            std::vector<std::string> const& names);

// Of names that were checked once. A name that is unknown gives nothing: scope::other.
[[nodiscard]] scope scope_bits(std::vector<std::string> const& names) noexcept;

}  // namespace pilothouse::auth
