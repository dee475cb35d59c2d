#include "base/sha256.hpp"

#include "base/hex.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <stdexcept>

namespace pilothouse {

std::optional<sha256_digest> sha256_digest::from_hex(std::string_view hex) noexcept {
    if (hex.size() != 2 * size) return std::nullopt;
    std::array<std::uint8_t, size> bytes;
    for (std::size_t i = 0; i < size; ++i) {
        int const high = hex_value(hex[2 * i]);
        int const low = hex_value(hex[2 * i + 1]);
        bool const upper = (hex[2 * i] >= 'A' && hex[2 * i] <= 'F') ||
                           (hex[2 * i + 1] >= 'A' && hex[2 * i + 1] <= 'F');
        if (high < 0 || low < 0 || upper) return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return sha256_digest(bytes);
}

std::optional<sha256_digest> sha256_digest::from_bytes(std::string_view bytes) noexcept {
    if (bytes.size() != size) return std::nullopt;
    std::array<std::uint8_t, size> copy;
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    return sha256_digest(copy);
}

std::string sha256_digest::hex() const { return to_hex(bytes()); }

std::string_view sha256_digest::bytes() const noexcept {
    return {reinterpret_cast<char const*>(bytes_.data()), bytes_.size()};
}

struct sha256_hasher::state {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    state() {
        if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("OpenSSL has no SHA-256");
    }
    ~state() { EVP_MD_CTX_free(context); }
    state(state const&) = delete;
    state& operator=(state const&) = delete;
};

sha256_hasher::sha256_hasher() : state_(std::make_unique<state>()) {}
sha256_hasher::~sha256_hasher() = default;
sha256_hasher::sha256_hasher(sha256_hasher&&) noexcept = default;
sha256_hasher& sha256_hasher::operator=(sha256_hasher&&) noexcept = default;

void sha256_hasher::update(std::string_view bytes) {
    if (EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) != 1)
        throw std::runtime_error("SHA-256 update failed");
}

sha256_digest sha256_hasher::finish() {
    std::array<std::uint8_t, sha256_digest::size> bytes;
    unsigned length = 0;
    if (EVP_DigestFinal_ex(state_->context, bytes.data(), &length) != 1 || length != bytes.size())
        throw std::runtime_error("SHA-256 finish failed");
    return sha256_digest(bytes);
}

sha256_digest sha256(std::string_view bytes) {
    sha256_hasher hasher;
    hasher.update(bytes);
    return hasher.finish();
}

}  // namespace pilothouse
