#include "notify/webhook_secret.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"
#include "base/random.hpp"

#include <cstddef>
#include <optional>

namespace pilothouse::notify {

namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t bytes_min = 24, bytes_max = 64, bytes_made = 32;

std::optional<std::string> bytes_of(secret const& text) {
    auto const all = text.reveal();
    if (!all.starts_with(prefix)) return std::nullopt;
    return decode_base64(all.substr(prefix.size()));
}

}  // namespace

result<void> check_webhook_secret(secret const& text) {
    auto const bytes = bytes_of(text);
    if (bytes && bytes->size() >= bytes_min && bytes->size() <= bytes_max) return {};
    return failure(errc::invalid_argument,
                   "a webhook's secret is `whsec_` and 24 to 64 bytes in base64; without one, the "
                   "server makes one");
}

secret make_webhook_secret() {
    return secret(std::string(prefix) + encode_base64(random_bytes(bytes_made)));
}

std::string webhook_purpose(storage::project_id project) {
    return "webhook of project " + std::to_string(project.value);
}

std::string signature(secret const& text, std::string_view id, std::int64_t seconds,
                      std::string_view body) {
    secret const key(bytes_of(text).value_or(""));
    std::string content(id);
    content += "." + std::to_string(seconds) + ".";
    content += body;
    return "v1," + encode_base64(hmac_sha256(key, content).bytes());
}

}  // namespace pilothouse::notify
