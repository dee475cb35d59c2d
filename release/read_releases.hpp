// Releases and operations, looked at.
#pragma once

#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pilothouse::release {

// Thread-safe. All need see_cluster of the cluster in question, cancel needs use_cluster. What is
// in another cluster than the grant's is errc::not_found. Asks the store alone, so it is quick
// whatever the cluster does; what is old it has refreshed behind the answer (`list`, `find`).
// `history`, `foreign`, `values` and `drift` ask helm.
class read_releases {
public:
    explicit read_releases(release_parts const& parts) : parts_(parts) {}

    // Of the grant's cluster, whatever the filter says of clusters.
    [[nodiscard]] task<std::vector<storage::release_record>> list(auth::grant const& g,
                                                                  storage::release_filter filter,
                                                                  storage::release_place after,
                                                                  std::size_t count);
    [[nodiscard]] task<result<storage::release_record>> find(auth::grant const& g, std::string id);
    [[nodiscard]] task<result<std::vector<revision>>> history(auth::grant const& g, std::string id);
    // Objects that are missing, or are not as the chart wrote them; asks helm and the cluster.
    [[nodiscard]] task<result<std::vector<object_state>>> drift(auth::grant const& g,
                                                                std::string id);
    // The user's values, one JSON object; needs use_cluster, because they hold secrets.
    [[nodiscard]] task<result<secret>> values(auth::grant const& g, std::string id);
    // What Helm has in the cluster that is not ours. errc as release/engine.hpp has them.
    [[nodiscard]] task<result<std::vector<listed_release>>> foreign(auth::grant const& g);

    [[nodiscard]] task<result<storage::operation_record>> operation(auth::grant const& g,
                                                                    std::string id);
    [[nodiscard]] task<std::vector<storage::operation_record>> operations(auth::grant const& g,
                                                                          std::string release,
                                                                          std::size_t skip,
                                                                          std::size_t count);
    [[nodiscard]] task<result<std::vector<storage::operation_event>>> events(auth::grant const& g,
                                                                             std::string operation,
                                                                             std::int64_t after);
    // As it is then; what is done stays as it is. errc::wrong_state: an uninstall or a rollback
    // that runs cannot be cancelled, because Helm would leave it half done.
    [[nodiscard]] task<result<storage::operation_record>> cancel(auth::grant const& g,
                                                                 std::string id);

private:
    release_parts const& parts_;
};

}  // namespace pilothouse::release
