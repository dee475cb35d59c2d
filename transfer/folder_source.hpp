// A folder to import from: with an index, or as ChartMuseum stores its charts.
#pragma once

#include "base/result.hpp"
#include "transfer/source.hpp"

#include <filesystem>
#include <memory>

namespace pilothouse::transfer {

// With an index.yaml: what that names, by relative URLs, or by absolute ones whose path ends like
// that of a file within the folder. Without one: every `*.tgz` in the folder itself, each with the
// `.prov` beside it; `created` is what an index-cache.yaml says of the same bytes, else the file's
// time, as ChartMuseum has it.
//
// errc::not_found, errc::denied: the folder cannot be read. errc::invalid_argument: it holds no
// archive; with those of its sub-folders that do, which are ChartMuseum's tenants.
[[nodiscard]] result<std::unique_ptr<source>> open_folder_source(std::filesystem::path folder,
                                                                 source_limits limits);

}  // namespace pilothouse::transfer
