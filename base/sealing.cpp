#include "base/sealing.hpp"

#include "base/base64.hpp"
#include "base/key_file.hpp"
#include "base/random.hpp"

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <new>
#include <optional>
#include <shared_mutex>
#include <stdexcept>
#include <utility>

namespace pilothouse {

namespace {

using keys = std::vector<named_key>;

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t text_bytes_max = std::size_t(1) << 30;  // OpenSSL counts in int
constexpr std::string_view form = "1.";

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void check(int done) {
    if (done != 1) throw std::runtime_error("OpenSSL cannot encrypt");
}

// --- AES-256-GCM

class cipher {
public:
    cipher() {
        if (context_ == nullptr) throw std::bad_alloc();
    }
    ~cipher() { EVP_CIPHER_CTX_free(context_); }
    cipher(cipher const&) = delete;
    cipher& operator=(cipher const&) = delete;

    // Nonce, ciphertext, tag.
    std::string seal(secret const& key, std::string_view plain, std::string_view purpose) {
        auto const nonce = random_bytes(nonce_bytes);
        int length = 0;
        check(EVP_EncryptInit_ex(context_, EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()),
                                 bytes_of(nonce)));
        check(EVP_EncryptUpdate(context_, nullptr, &length, bytes_of(purpose),
                                static_cast<int>(purpose.size())));
        std::string sealed = nonce + std::string(plain.size() + tag_bytes, '\0');
        auto* const text = bytes_of(sealed) + nonce_bytes;
        check(EVP_EncryptUpdate(context_, text, &length, bytes_of(plain),
                                static_cast<int>(plain.size())));
        auto* const tag = text + plain.size();
        check(EVP_EncryptFinal_ex(context_, tag, &length));  // writes nothing
        check(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_GCM_GET_TAG, tag_bytes, tag));
        return sealed;
    }

    // Empty: not what was sealed.
    std::optional<secret> open(secret const& key, std::string sealed, std::string_view purpose) {
        if (sealed.size() < nonce_bytes + tag_bytes) return std::nullopt;
        auto const size = sealed.size() - nonce_bytes - tag_bytes;
        auto* const text = bytes_of(sealed) + nonce_bytes;
        int length = 0;
        check(EVP_DecryptInit_ex(context_, EVP_aes_256_gcm(), nullptr, bytes_of(key.reveal()),
                                 bytes_of(sealed)));
        check(EVP_CIPHER_CTX_ctrl(context_, EVP_CTRL_GCM_SET_TAG, tag_bytes, text + size));
        check(EVP_DecryptUpdate(context_, nullptr, &length, bytes_of(purpose),
                                static_cast<int>(purpose.size())));
        std::string plain(size, '\0');
        check(EVP_DecryptUpdate(context_, bytes_of(plain), &length, text, static_cast<int>(size)));
        secret opened(std::move(plain));
        std::array<unsigned char, tag_bytes> rest{};
        if (EVP_DecryptFinal_ex(context_, rest.data(), &length) != 1) return std::nullopt;
        return opened;
    }

private:
    EVP_CIPHER_CTX* context_ = EVP_CIPHER_CTX_new();
};

failure not_sealed_so() {
    return {errc::broken, "what was sealed was changed, or is for another use"};
}

// The text's parts; empty: it has another form.
struct sealed_parts {
    std::string_view key, bytes;
};

std::optional<sealed_parts> parts_of(std::string_view sealed) {
    if (!sealed.starts_with(form)) return std::nullopt;
    sealed.remove_prefix(form.size());
    auto const dot = sealed.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    return sealed_parts{sealed.substr(0, dot), sealed.substr(dot + 1)};
}

}  // namespace

struct key_ring::state {
    std::filesystem::path file;  // empty: there is none
    mutable std::shared_mutex mutex;
    keys all;  // never empty; the first one seals

    // Durable first: what was sealed can be opened after a crash.
    [[nodiscard]] result<void> become(keys next) {
        if (!file.empty())
            if (auto const kept = replace_key_file(file, next); !kept) return kept.error();
        all = std::move(next);
        return {};
    }
};

key_ring::key_ring(std::unique_ptr<state> s) : state_(std::move(s)) {}
key_ring::key_ring(key_ring&&) noexcept = default;
key_ring& key_ring::operator=(key_ring&&) noexcept = default;
key_ring::~key_ring() = default;

result<key_ring> key_ring::open(std::filesystem::path file) {
    PILOTHOUSE_TRY(auto there, load_keys(file));
    if (!there) {
        keys fresh;
        fresh.push_back(fresh_key());
        PILOTHOUSE_TRY(bool const ours, make_key_file(file, fresh));
        if (ours) there = std::move(fresh);
    }
    if (!there) {
        PILOTHOUSE_TRY(there, load_keys(file));
        if (!there) return key_file_unusable(file, "it comes and goes");
    }
    auto s = std::make_unique<state>();
    s->file = std::move(file);
    s->all = std::move(*there);
    return key_ring(std::move(s));
}

key_ring key_ring::temporary() {
    auto s = std::make_unique<state>();
    s->all.push_back(fresh_key());
    return key_ring(std::move(s));
}

std::string key_ring::seal(secret const& plain, std::string_view purpose) const {
    if (plain.reveal().size() > text_bytes_max || purpose.size() > text_bytes_max)
        throw std::length_error("a text is too long to be sealed");
    std::shared_lock const lock(state_->mutex);
    auto const& key = state_->all.front();
    return std::string(form) + key.name + '.' +
           encode_base64(cipher().seal(key.bytes, plain.reveal(), purpose));
}

result<secret> key_ring::open(std::string_view sealed, std::string_view purpose) const {
    auto const parts = parts_of(sealed);
    if (!parts || purpose.size() > text_bytes_max) return not_sealed_so();
    std::shared_lock const lock(state_->mutex);
    auto const key = std::ranges::find(state_->all, parts->key, &named_key::name);
    if (key == state_->all.end())
        return failure(errc::broken, "the key that this was sealed with is not in the key file",
                       "key " + std::string(parts->key.substr(0, key_name_max)));
    auto bytes = decode_base64(parts->bytes);
    if (!bytes) return not_sealed_so();
    auto opened = cipher().open(key->bytes, std::move(*bytes), purpose);
    if (!opened) return not_sealed_so();
    return std::move(*opened);
}

bool key_ring::is_current(std::string_view sealed) const {
    auto const parts = parts_of(sealed);
    std::shared_lock const lock(state_->mutex);
    return parts && parts->key == state_->all.front().name;
}

result<void> key_ring::rotate() {
    std::unique_lock const lock(state_->mutex);
    keys next;
    next.push_back(fresh_key());
    next.insert(next.end(), state_->all.begin(), state_->all.end());
    return state_->become(std::move(next));
}

result<void> key_ring::forget_old() {
    std::unique_lock const lock(state_->mutex);
    return state_->become({state_->all.front()});
}

// HKDF with SHA-256 (RFC 5869), no salt.
secret key_ring::derive(std::string_view purpose) const {
    std::shared_lock const lock(state_->mutex);
    auto const key = state_->all.front().bytes.reveal();
    auto const free = [](EVP_PKEY_CTX* context) { EVP_PKEY_CTX_free(context); };
    std::unique_ptr<EVP_PKEY_CTX, decltype(free)> const context(
        EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
    if (context == nullptr) throw std::bad_alloc();
    check(EVP_PKEY_derive_init(context.get()));
    check(EVP_PKEY_CTX_set_hkdf_md(context.get(), EVP_sha256()));
    check(EVP_PKEY_CTX_set1_hkdf_key(context.get(), bytes_of(key), static_cast<int>(key.size())));
    check(EVP_PKEY_CTX_add1_hkdf_info(context.get(), bytes_of(purpose),
                                      static_cast<int>(purpose.size())));
    std::string derived(sealing_key_bytes, '\0');
    std::size_t length = derived.size();
    check(EVP_PKEY_derive(context.get(), bytes_of(derived), &length));
    return secret(std::move(derived));
}

}  // namespace pilothouse
