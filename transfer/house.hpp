// What an import and an export ask of the registry, wherever it runs.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::transfer {

// Takes the next bytes of a file; a failure ends the transfer, and is its answer.
using byte_sink = std::function<result<void>(std::string_view)>;

// One version that the channel holds.
struct held_version {
    std::string chart, version, file_name;
    sha256_digest digest;
    std::optional<sha256_digest> provenance;
    friend bool operator==(held_version const&, held_version const&) = default;
};

// An open file, all of it; whoever opened it closes it.
struct file_bytes {
    int descriptor = -1;
    std::uint64_t size_bytes = 0;
};

struct offered_chart {
    std::string file_name;  // NAME-VERSION.tgz; empty: whatever the archive says
    sha256_digest digest;
    std::optional<instant> created;  // nullopt: now
    file_bytes archive;
    std::optional<file_bytes> provenance;
};

// One channel of one project. Used on one thread; everything blocks. A failure of errc::unavailable
// is nobody's refusal: the registry has gone, or cannot work.
class house {
public:
    virtual ~house() = default;

    [[nodiscard]] virtual result<std::vector<held_version>> held() = 0;
    [[nodiscard]] virtual result<std::string> index() = 0;  // as the server renders it
    [[nodiscard]] virtual result<void> fetch_archive(std::string const& file_name,
                                                     byte_sink const& sink) = 0;
    [[nodiscard]] virtual result<void> fetch_provenance(std::string const& file_name,
                                                        byte_sink const& sink) = 0;

    // What became of an offer that was understood; everything but `refused` is durable.
    struct verdict {
        enum class kind : std::uint8_t { created, replaced, unchanged, refused } what;
        failure why;                        // of a refusal
        std::vector<std::string> warnings;  // of the inspection
    };
    [[nodiscard]] virtual result<verdict> push(offered_chart const& chart) = 0;
};

}  // namespace pilothouse::transfer
