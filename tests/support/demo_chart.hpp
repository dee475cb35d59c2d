// A small good chart, and what its provenance would say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pilothouse::tests {

// A .tgz of Chart.yaml (this name and version), values.yaml (`values`) and one template; `padding`
// bytes that do not compress make it larger. The same arguments give the same bytes; `modified` is
// every member's time.
[[nodiscard]] std::string demo_chart(std::string const& name, std::string const& version,
                                     std::string const& values = "", std::int64_t modified = 0,
                                     std::size_t padding = 0);

// A clear-signed text about `archive`, in the form that Helm writes; the signature itself is none.
[[nodiscard]] std::string demo_provenance(std::string const& name, std::string const& version,
                                          std::string const& archive);

}  // namespace pilothouse::tests
