// Secrets at rest: encrypted with AES-256-GCM under keys that lie in a file of their own.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace pilothouse {

// The file: a line for each key, its name (a-z, 0-9), one space, and 32 bytes in hexadecimal; the
// first one seals, all of them open. Thread-safe.
class key_ring {
public:
    // Reads the file; makes it, rights 0600, with a first key where there is none.
    // errc::unavailable: it cannot be read or made, its rights are more than 0600, or it is none;
    // with the line and what to do.
    [[nodiscard]] static result<key_ring> open(std::filesystem::path file);
    // Keys of this process alone: for tests.
    [[nodiscard]] static key_ring temporary();
    key_ring(key_ring&&) noexcept;
    key_ring& operator=(key_ring&&) noexcept;
    ~key_ring();

    // `purpose` is bound to the text: what was sealed for one does not open for another. The form
    // is `1.<key name>.<base64 of nonce, ciphertext and tag>`.
    [[nodiscard]] std::string seal(secret const& plain, std::string_view purpose) const;
    // errc::broken: no such key, or not what was sealed for this purpose.
    [[nodiscard]] result<secret> open(std::string_view sealed, std::string_view purpose) const;
    // Whether the key that seals now sealed this.
    [[nodiscard]] bool is_current(std::string_view sealed) const;

    // A new key from now on, durable in the file when it returns; the old ones still open.
    // errc::unavailable: the file cannot be written; everything is as it was.
    [[nodiscard]] result<void> rotate();
    // Removes all keys but the first, from the file too: everything is sealed with that one. errc
    // as above.
    [[nodiscard]] result<void> forget_old();

    // A key for another use, made of the first; bound to `purpose`, 32 bytes. Changes with the key.
    [[nodiscard]] secret derive(std::string_view purpose) const;

private:
    struct state;
    explicit key_ring(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse
