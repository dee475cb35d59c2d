// The files in an archive that Helm's loader reads: those of the chart itself, and of the charts
// that lie unpacked in its `charts/`, and in theirs.
#pragma once

#include "base/result.hpp"
#include "chart/chart_metadata.hpp"
#include "chart/inspection.hpp"
#include "chart/yaml_budget.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::chart {

// Usage: place() a file by its path below the top folder, read as much of it as the placement
// wants, give that to take(); after the last file, finish().
class chart_files {
public:
    enum class role : std::uint8_t { stored, metadata, requirements, values, lock, packed_chart };

    struct placement {
        role as = role::stored;
        std::size_t bytes_wanted = 0;                // from the beginning of the file
        std::optional<std::string>* text = nullptr;  // where metadata is kept for finish()
    };

    explicit chart_files(inspection_limits const& limits);

    // errc::unacceptable_chart: a second Chart.yaml; something in a `charts/` that is no chart
    // (contracts: helm 44); beyond a limit.
    [[nodiscard]] result<placement> place(std::string_view path, std::uint64_t size_bytes);

    // errc::unacceptable_chart: Helm would not load a chart with this file.
    [[nodiscard]] result<void> take(placement const& file, std::string_view path, std::string text);

    // Judges all charts; the metadata is that of the chart itself. errc::invalid_metadata when it
    // has no Chart.yaml or an unreadable one, errc::unacceptable_chart for everything else.
    [[nodiscard]] result<chart_metadata> finish() const;

    [[nodiscard]] std::vector<std::string> const& warnings() const noexcept { return warnings_; }

private:
    struct chart_texts {
        std::optional<std::string> metadata;  // Chart.yaml
        std::optional<std::string> requirements;
    };

    [[nodiscard]] result<chart_texts*> chart_in(std::string_view folder);
    [[nodiscard]] result<placement> place_own(chart_texts& chart, std::string_view path,
                                              std::string_view file, std::uint64_t size_bytes);

    inspection_limits const& limits_;
    std::map<std::string, chart_texts, std::less<>> charts_;  // by folder, "" is the chart itself
    std::uint64_t metadata_bytes_ = 0;
    yaml_budget for_metadata_;
    yaml_budget for_other_files_;  // values and locks
    std::vector<std::string> warnings_;
};

}  // namespace pilothouse::chart
