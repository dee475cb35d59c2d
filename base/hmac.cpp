#include "base/hmac.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace pilothouse {

sha256_digest hmac_sha256(secret const& key, std::string_view text) {
    std::array<std::uint8_t, sha256_digest::size> made{};
    unsigned length = 0;
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    if (HMAC(EVP_sha256(), key.reveal().data(), static_cast<int>(key.reveal().size()), bytes,
             text.size(), made.data(), &length) == nullptr ||
        length != made.size()) {
        throw std::runtime_error("OpenSSL makes no HMAC");
    }
    return sha256_digest(made);
}

bool equal_in_constant_time(sha256_digest const& a, sha256_digest const& b) noexcept {
    return CRYPTO_memcmp(a.bytes().data(), b.bytes().data(), sha256_digest::size) == 0;
}

}  // namespace pilothouse
