// HMAC with SHA-256 (RFC 2104): proof that who made a text has the key.
#pragma once

#include "base/secret.hpp"
#include "base/sha256.hpp"

#include <string_view>

namespace pilothouse {

[[nodiscard]] sha256_digest hmac_sha256(secret const& key, std::string_view text);

// Takes the same time wherever they differ.
[[nodiscard]] bool equal_in_constant_time(sha256_digest const& a, sha256_digest const& b) noexcept;

}  // namespace pilothouse
