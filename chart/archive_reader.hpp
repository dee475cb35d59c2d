// The members of a .tgz, one after another, from a stream.
#pragma once

#include "base/result.hpp"
#include "chart/inspection.hpp"
#include "chart/tar_headers.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pilothouse::chart {

// Tar in its ustar, pax and GNU forms within gzip, nothing else. Never touches the disk. Read in
// two ways at once: libarchive gives the data, tar_headers says whose it is; an archive in which
// they do not find the same is refused.
class archive_reader {
public:
    // Inflates at most `inflated_max` bytes; `source` must outlive the reader.
    archive_reader(byte_source const& source, std::uint64_t inflated_max);
    ~archive_reader();
    archive_reader(archive_reader const&) = delete;
    archive_reader& operator=(archive_reader const&) = delete;

    // The next member, or nothing at the end; what was not read of the last one is passed over. At
    // the end the whole gzip stream has been read and verified. Throws what the source throws.
    // errc::invalid_archive, errc::unacceptable_chart (too many bytes).
    [[nodiscard]] result<std::optional<archive_member>> next();

    // The member's next bytes; 0 at its end. Errors as next().
    [[nodiscard]] result<std::size_t> read(std::span<char> out);

    // After the end: what was odd about the archive but did no harm.
    [[nodiscard]] std::vector<std::string> const& warnings() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::chart
