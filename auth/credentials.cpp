#include "auth/credentials.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace pilothouse::auth {

namespace {

using scheme = credentials::scheme;

bool is_control(char c) noexcept {
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blank = " \t";
    auto const first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

failure refused(std::string reason) { return {errc::unauthenticated, std::move(reason)}; }

credentials token_of(scheme how, std::string_view token) {
    if (token.empty()) return {};
    return {how, {}, secret(std::string(token)), {}};
}

// RFC 7617. The bytes of the user name are taken in any encoding: nothing is compared with it.
result<credentials> read_basic(std::string_view encoded) {
    auto pair = decode_base64(encoded);
    if (!pair) return refused("the Basic credentials are not base64");
    secret const kept(std::move(*pair));
    std::string_view const text = kept.reveal();
    auto const colon = text.find(':');
    if (colon == std::string_view::npos)
        return refused("the Basic credentials are not of the form user:password");
    if (std::ranges::any_of(text, is_control))
        return refused("the Basic credentials contain a control character");
    auto const user = text.substr(0, colon);
    auto const password = text.substr(colon + 1);
    if (user.empty() || password.empty()) return credentials();
    return credentials{scheme::basic, std::string(user), secret(std::string(password)), {}};
}

result<credentials> read_authorization(std::string_view value) {
    auto const space = value.find(' ');
    auto const word = value.substr(0, space);
    auto const rest =
        space == std::string_view::npos ? std::string_view() : trimmed(value.substr(space));
    if (word.empty()) return credentials();
    if (ascii::equal_ignoring_case(word, "Basic")) return read_basic(rest);
    // Clients of the deploy API say `Token`.
    if (ascii::equal_ignoring_case(word, "Bearer") || ascii::equal_ignoring_case(word, "Token"))
        return token_of(scheme::bearer, rest);
    return refused("Authorization takes Basic, Bearer or Token here, no other scheme");
}

}  // namespace

result<credentials> read_credentials(credential_fields const& fields) {
    PILOTHOUSE_TRY(credentials found, read_authorization(trimmed(fields.authorization)));
    std::array<std::pair<scheme, std::string_view>, 3> const others = {{
        {scheme::private_token, fields.private_token},
        {scheme::deploy_token, fields.deploy_token},
        {scheme::job_token, fields.job_token},
    }};
    for (auto const& [how, value] : others) {
        auto other = token_of(how, trimmed(value));
        if (other.how == scheme::none) continue;
        if (found.how == scheme::none) {
            found = std::move(other);
        } else if (found.token.reveal() != other.token.reveal()) {
            return refused("the request carries two different tokens; send one");
        }
    }
    return found;
}

}  // namespace pilothouse::auth
