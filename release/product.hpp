// How callers name what is to be installed: products are charts, product versions their versions.
#pragma once

#include "auth/principal.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"
#include "storage/catalogue.hpp"
#include "storage/ids.hpp"
#include "storage/release_store.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::release {

// A version in its channel, opaque to clients and stable as long as it is published: `pv` and the
// number of its row.
[[nodiscard]] std::string product_version_of(storage::version_id version);
// A chart in its project: `p<project number>-<chart>`.
[[nodiscard]] std::string product_of(storage::project_id project, std::string_view chart);

struct product {
    storage::release_source source;
    storage::catalogue_entry entry;
};

// What the reference names, as the caller may read it: a product version, or the readable form
// `group/project/channel/chart@version` (the version may be left out: the newest stable one). A
// yanked version is named by its id alone. errc::invalid_argument: neither; errc::not_found: no
// such version, or one that the caller must not know of; errc::denied, errc::unauthenticated.
[[nodiscard]] task<result<product>> find_product(release_parts const& parts,
                                                 std::shared_ptr<auth::principal const> who,
                                                 std::string reference);

}  // namespace pilothouse::release
