// Secrets of webhooks, and what is signed with them (Standard Webhooks 1.0).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "storage/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pilothouse::notify {

// As people keep it: `whsec_`, and 24 to 64 bytes in base64. errc::invalid_argument.
[[nodiscard]] result<void> check_webhook_secret(secret const& text);
// A new one, of 32 bytes.
[[nodiscard]] secret make_webhook_secret();

// What it is sealed for at rest.
[[nodiscard]] std::string webhook_purpose(storage::project_id project);

// `v1,` and the base64 of HMAC-SHA-256 over `id.seconds.body`, under the bytes that the secret
// stands for. Of a secret that passes the check.
[[nodiscard]] std::string signature(secret const& text, std::string_view id, std::int64_t seconds,
                                    std::string_view body);

}  // namespace pilothouse::notify
