// Decides whether an uploaded file is a chart archive, and says what is in it. Never unpacks to
// disk.
#pragma once

#include "base/result.hpp"
#include "base/sha256.hpp"
#include "chart/chart_metadata.hpp"
#include "chart/chart_name.hpp"
#include "chart/chart_version.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace pilothouse::chart {

// Defaults are Helm's own where Helm has one (contracts: helm 37), else far above any real chart
// (contracts: helm 5).
struct inspection_limits {
    std::uint64_t unpacked_bytes = 100ull * 1024 * 1024;  // the sum of file sizes must stay below
    std::uint64_t file_bytes = 5ull * 1024 * 1024;        // one file, at most
    std::size_t entries = 20'000;
    std::size_t path_bytes = 4096;
    std::size_t metadata_bytes = 1024 * 1024;  // Chart.yaml
};

struct inspected_chart {
    chart_name name;
    chart_version version;
    chart_metadata metadata;
    // The same for two archives with the same file names and file bytes, whatever their times,
    // owners, order and compression (contracts: settled 7).
    sha256_digest content;
    std::vector<std::string>
        warnings;  // accepted, but worth a log line (verdict W; contracts: archives)
};

// Reads the next bytes of the archive into the span; returns how many, 0 at the end. May throw.
using byte_source = std::function<std::size_t(std::span<char>)>;

// Reads the archive once, front to back, in memory bounded by the limits and some 30 MiB for YAML;
// blocks, so call it on a pool. errc::invalid_archive, errc::invalid_metadata,
// errc::unacceptable_chart (contracts: helm 1C; archives; settled 5, 6).
[[nodiscard]] result<inspected_chart> inspect(byte_source const& archive,
                                              inspection_limits const& limits = {});

}  // namespace pilothouse::chart
