#include "server/deploy_core.hpp"

namespace pilothouse {

deploy_core::deploy_core(storage::stores& stores, release_core& releases, std::size_t waiting_max)
    : parts{stores.environments(), stores.services(), stores.deployments(), stores.projects(),
            stores.channels(),     releases.parts,    releases.change,      releases.read,
            releases.diff,         waiting_max},
      access(parts),
      environments(parts),
      services(parts),
      deployments(parts),
      together(parts),
      sealed(parts) {
    releases.clusters.also_sealed(sealed);
}

}  // namespace pilothouse
