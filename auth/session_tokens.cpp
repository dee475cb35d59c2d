#include "auth/session_tokens.hpp"

#include "base/base64.hpp"
#include "base/hmac.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace pilothouse::auth {

namespace {

// Clients take this beginning, and two dots, for a token that they need not exchange first.
constexpr std::string_view prefix = "t1.";
constexpr std::size_t payload_size = 16;  // two numbers

void append_number(std::string& bytes, std::int64_t number) {
    auto const bits = static_cast<std::uint64_t>(number);
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<unsigned char>(bits >> shift));
}

std::int64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t bits = 0;
    for (std::size_t i = at; i < at + 8; ++i)
        bits = bits << 8 | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(bits);
}

failure not_ours() {
    return {errc::unauthenticated, "nobody has this token; check that it was copied whole"};
}

}  // namespace

task<result<session>> session_tokens::issue(grant const& g) const {
    g.expect({permission::hold_token});
    auto const parent = co_await tokens_.find(g.who().token);
    if (!parent) co_return parent.error();
    instant end = time_.now() + lifetime;
    if (parent->expires) end = std::min(end, *parent->expires);
    end = std::chrono::floor<std::chrono::seconds>(end);

    std::string payload;
    append_number(payload, parent->id.value);
    append_number(payload, to_nanoseconds(end));
    std::string text(prefix);
    text += encode_base64(payload, base64_form::url);
    auto const signature = sign(text);
    text += '.';
    text += encode_base64(signature.bytes(), base64_form::url);
    audited const of{"PersonalAccessToken", parent->id.value, parent->name};
    co_await audit_.note(g, "session_token_created", of);
    co_return session{secret(std::move(text)), end};
}

bool session_tokens::is_shaped(std::string_view text) noexcept {
    return text.starts_with(prefix) && std::ranges::count(text, '.') == 2;
}

result<session_claim> session_tokens::read(std::string_view text) const {
    if (!is_shaped(text)) return not_ours();
    auto const dot = text.rfind('.');
    auto const signed_part = text.substr(0, dot);
    auto const given = decode_base64(text.substr(dot + 1), base64_form::url);
    auto const payload = decode_base64(signed_part.substr(prefix.size()), base64_form::url);
    if (!given || !payload || payload->size() != payload_size) return not_ours();
    auto const signature = sha256_digest::from_bytes(*given);
    if (!signature || !equal_in_constant_time(*signature, sign(signed_part))) return not_ours();
    return session_claim{{number_at(*payload, 0)}, from_nanoseconds(number_at(*payload, 8))};
}

sha256_digest session_tokens::sign(std::string_view signed_part) const {
    return hmac_sha256(keys_.derive("session tokens"), signed_part);
}

}  // namespace pilothouse::auth
