// The text of a token: what it looks like, how it is made, under which name it is stored.
#pragma once

#include "base/secret.hpp"
#include "base/sha256.hpp"
#include "storage/token_store.hpp"

#include <optional>
#include <string_view>

namespace pilothouse::auth {

// `plhp_` (personal), `plhd_` (deploy) or `plhj_` (job), 30 random characters of [0-9A-Za-z] (178
// bits), and 6 more that are the CRC-32 of all before, so that scanners find a leaked token and a
// mistyped one costs no look-up (contracts: reliability 4.3).
[[nodiscard]] secret generate_token(storage::token_kind kind);

// The kind, if the text has the shape of a token and its checksum fits; says nothing of whether
// anybody has it.
[[nodiscard]] std::optional<storage::token_kind> well_formed_token(std::string_view text) noexcept;

// Tokens are stored as this alone: with 178 random bits there is nothing to guess, so no slow hash
// is needed.
[[nodiscard]] sha256_digest token_hash(std::string_view text);

}  // namespace pilothouse::auth
