// The bytes inside a gzip file, inflated as they are asked for and verified as they pass.
#pragma once

#include "base/result.hpp"
#include "chart/inspection.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace pilothouse::chart {

// Members follow one another without a seam (contracts: helm 36). Each one's CRC and length are
// verified at its end, so only what was read to the end is known to be undamaged.
class gzip_stream {
public:
    // Gives at most `bytes_max` bytes; `source` must outlive the stream.
    gzip_stream(byte_source const& source, std::uint64_t bytes_max);
    ~gzip_stream();
    gzip_stream(gzip_stream const&) = delete;
    gzip_stream& operator=(gzip_stream const&) = delete;

    // Fills `out`, or less at the end; 0 at and after the end. Throws what the source throws.
    // errc::invalid_archive: not gzip, cut short, damaged. errc::unacceptable_chart: beyond
    // `bytes_max`.
    [[nodiscard]] result<std::size_t> read(std::span<char> out);

    // At the end: whether bytes that are not gzip came after the last member. They were ignored.
    [[nodiscard]] bool trailing_bytes() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::chart
