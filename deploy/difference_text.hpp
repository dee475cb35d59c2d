// What a dry run found, as it is kept.
#pragma once

#include "release/diff_release.hpp"
#include "storage/release_store.hpp"

#include <string>
#include <vector>

namespace pilothouse::deploy {

// JSON: [{"change":"added","api_version","kind","namespace","name","text"}, …]. At most 1 MiB: of
// what does not fit the texts are left out, then the rest, and the last says how many. Of a release
// that is stopped the first says that its workloads are started, which no rendered object shows.
[[nodiscard]] std::string difference_text(std::vector<release::object_difference> const& all,
                                          storage::release_record const* stopped = nullptr);

}  // namespace pilothouse::deploy
