#include "release/release_targets.hpp"

#include "release/purposes.hpp"

#include <utility>

namespace pilothouse::release {

task<result<secret>> open_kubeconfig(release_parts const& parts, storage::cluster_id cluster) {
    PILOTHOUSE_CO_TRY(auto const found, co_await parts.clusters.find(cluster));
    auto opened = parts.keys.open(found.sealed_kubeconfig, kubeconfig_purpose(found.name));
    if (opened) co_return opened;
    co_return failure(errc::broken,
                      "the credentials of the cluster " + found.name +
                          " cannot be opened: the key they were sealed with is missing",
                      opened.error().detail + " " + opened.error().cause);
}

task<result<target>> target_of(release_parts const& parts, storage::release_record release) {
    PILOTHOUSE_CO_TRY(auto kubeconfig, co_await open_kubeconfig(parts, release.cluster));
    co_return target{std::move(kubeconfig), std::move(release.name_space), std::move(release.name)};
}

std::string full_name(storage::release_record const& release) {
    return release.cluster_name + "/" + release.name_space + "/" + release.name;
}

}  // namespace pilothouse::release
