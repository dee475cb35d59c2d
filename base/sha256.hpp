// SHA-256: the digest as a value, and the hasher that makes one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse {

// 32 bytes. Compared and ordered bytewise.
class sha256_digest {
public:
    static constexpr std::size_t size = 32;

    sha256_digest() noexcept : bytes_{} {}  // all zero: the digest of nothing that exists
    explicit sha256_digest(std::array<std::uint8_t, size> const& bytes) noexcept : bytes_(bytes) {}

    // Takes 64 lower-case hex digits, nothing else.
    [[nodiscard]] static std::optional<sha256_digest> from_hex(std::string_view hex) noexcept;
    // Takes exactly 32 bytes.
    [[nodiscard]] static std::optional<sha256_digest> from_bytes(std::string_view bytes) noexcept;

    [[nodiscard]] std::string hex() const;
    [[nodiscard]] std::string_view bytes() const noexcept;

    friend auto operator<=>(sha256_digest const&, sha256_digest const&) = default;

private:
    std::array<std::uint8_t, size> bytes_;
};

// Not thread-safe. update() any number of times, then finish() once.
class sha256_hasher {
public:
    sha256_hasher();
    ~sha256_hasher();
    sha256_hasher(sha256_hasher&&) noexcept;
    sha256_hasher& operator=(sha256_hasher&&) noexcept;

    void update(std::string_view bytes);
    [[nodiscard]] sha256_digest finish();

private:
    struct state;
    std::unique_ptr<state> state_;
};

[[nodiscard]] sha256_digest sha256(std::string_view bytes);

}  // namespace pilothouse

template <>
struct std::hash<pilothouse::sha256_digest> {
    // The digest is as random as a hash can be: its first bytes are hash enough.
    std::size_t operator()(pilothouse::sha256_digest const& d) const noexcept {
        std::size_t h = 0;
        for (int i = 0; i < 8; ++i)
            h = h << 8 | static_cast<unsigned char>(d.bytes()[static_cast<std::size_t>(i)]);
        return h;
    }
};
