// Where charts are imported from.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sha256.hpp"
#include "transfer/open_file.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::transfer {

struct source_limits {
    std::uint64_t index_bytes = 100 * 1024 * 1024;
    std::uint64_t archive_bytes = 100 * 1024 * 1024;
    std::size_t entries = 1'000'000;
};

// As a push has it.
inline constexpr std::uint64_t provenance_bytes_max = 64 * 1024;

struct source_entry {
    std::string name;       // for the report: `NAME-VERSION.tgz`, or what the source calls it
    std::string file_name;  // as which it has to be published; empty: the source does not say
    std::string where;      // within the source
    std::optional<sha256_digest> digest;  // as the source promises it
    std::optional<instant> created;
    std::string fault;  // why it cannot be had; empty: nothing
};

struct fetched_archive {
    open_file file;
    sha256_digest digest;  // of what is in it
};

// Used on one thread; everything blocks.
class source {
public:
    virtual ~source() = default;
    [[nodiscard]] virtual result<std::vector<source_entry>> entries() = 0;
    // Failures are sentences for the report. `where` of the entry has to be set.
    [[nodiscard]] virtual result<fetched_archive> archive(source_entry const& entry) = 0;
    // nullopt: it has none.
    [[nodiscard]] virtual result<std::optional<open_file>> provenance(
        source_entry const& entry) = 0;
    // Whether looking for provenance costs next to nothing, so that it may be done for each
    // archive.
    [[nodiscard]] virtual bool near() const noexcept = 0;
};

}  // namespace pilothouse::transfer
