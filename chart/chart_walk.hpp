// The files of a chart's archive, and of the charts that are packed within it, one after another.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace pilothouse::chart {

struct walked_file {
    std::string path;  // below its chart's folder, cleaned as Helm reads it: `crds/x.yaml`
    std::string told;  // the same behind the archives around it: `charts/sub-1.0.0.tgz/crds/x.yaml`
};

// Who looks at them.
class chart_visitor {
public:
    virtual ~chart_visitor() = default;
    // Whether its text is to be read; an error ends the walk.
    [[nodiscard]] virtual result<bool> wants(walked_file const& file) = 0;
    // The text; an error ends the walk.
    [[nodiscard]] virtual result<void> see(walked_file const& file, std::string const& text) = 0;
};

// Folders and links are passed over, as is what lies outside of the chart's folder. A packed chart
// is a `.tgz` in a `charts/`; one that is no gzip is none. Blocks.
//
// The visitor's errors, and errc::broken: the archive cannot be read, or holds more than a chart
// may (chart/inspection.hpp), packed ones counted; errc::wrong_state: charts within each other too
// deep.
[[nodiscard]] result<void> walk_chart(std::filesystem::path const& archive, chart_visitor& by);

}  // namespace pilothouse::chart
