// One state of a channel's index: immutable, shared by every response that sends it.
#pragma once

#include "base/clock.hpp"
#include "base/sha256.hpp"
#include "base/shared_bytes.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::index {

enum class index_format : std::uint8_t { json, yaml };
enum class coding : std::uint8_t { identity, gzip };

// An index as it goes over the wire.
struct rendered_index {
    std::vector<shared_bytes> pieces;
    std::uint64_t length = 0;
    std::string etag;  // strong, quotes included; differs by coding and by context path
};

// Thread-safe (all members are const). Made by channel_index only; see there for when a reader may
// see an old one.
class index_snapshot {
public:
    virtual ~index_snapshot() = default;

    [[nodiscard]] virtual storage::generation generation() const noexcept = 0;
    // Time of the last change of the content: survives restarts (contracts: helm 3).
    [[nodiscard]] virtual instant generated() const noexcept = 0;
    // HTTP's Last-Modified, whose seconds say less than `generated`: the second that ends the
    // change's own, once it is over. No later change can share it, so whoever asks with it, or with
    // any date of his own, never misses one. None: not over yet.
    [[nodiscard]] std::optional<instant> last_modified(instant now) const noexcept {
        auto const second = std::chrono::ceil<std::chrono::seconds>(generated());
        if (second > now) return std::nullopt;
        return second;
    }
    [[nodiscard]] virtual std::size_t versions() const noexcept = 0;
    [[nodiscard]] virtual std::uint64_t identity_bytes() const noexcept = 0;

    // `context_path` goes into serverInfo; empty: no serverInfo. gzip: first call compress().
    [[nodiscard]] virtual rendered_index render(std::string_view context_path, coding c) const = 0;

    // The tag alone, as render() would give it: what a conditional request needs, at no cost.
    [[nodiscard]] virtual std::string etag(std::string_view context_path, coding c) const = 0;

    // True when render(…, gzip) has nothing left to compress.
    [[nodiscard]] virtual bool compressed() const noexcept = 0;
    // Compresses what no earlier snapshot has; blocks for milliseconds after a push, up to a second
    // for a whole large index: call it on a pool. Idempotent, may run twice at once.
    virtual void compress() const = 0;

    // The digest of the archive served under this file name, if this index names it.
    [[nodiscard]] virtual std::optional<sha256_digest> find_archive(
        std::string_view file_name) const = 0;
};

}  // namespace pilothouse::index
