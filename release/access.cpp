#include "release/access.hpp"

#include <utility>

namespace pilothouse::release {

namespace {

// One that is gone was in the cluster of its last operation: whether it ever was there is told to
// those alone who may see that.
task<result<storage::cluster_id>> cluster_of(release_parts const& parts, std::string id) {
    auto const found = co_await parts.releases.find(id);
    if (found) co_return found->cluster;
    if (found.error().code != errc::not_found) co_return found.error();
    storage::operation_filter filter;
    filter.release = std::move(id);
    auto const last = co_await parts.operations.list(std::move(filter), 0, 1);
    if (last.empty()) co_return found.error();
    co_return last.front().cluster;
}

}  // namespace

task<result<auth::grant>> access::to_cluster(std::shared_ptr<auth::principal const> who,
                                             auth::permission what, std::string name) {
    co_return co_await parts_.policy.authorize_on_cluster(std::move(who), what, std::move(name));
}

task<result<auth::grant>> access::to_release(std::shared_ptr<auth::principal const> who,
                                             auth::permission what, std::string id) {
    if (who->what == auth::principal::kind::anonymous)
        co_return failure(errc::unauthenticated, "credentials are needed");
    PILOTHOUSE_CO_TRY(auto const cluster, co_await cluster_of(parts_, std::move(id)));
    co_return co_await parts_.policy.authorize_on_cluster(std::move(who), what, cluster);
}

task<result<auth::grant>> access::to_operation(std::shared_ptr<auth::principal const> who,
                                               auth::permission what, std::string id) {
    if (who->what == auth::principal::kind::anonymous)
        co_return failure(errc::unauthenticated, "credentials are needed");
    PILOTHOUSE_CO_TRY(auto const found, co_await parts_.operations.find(std::move(id)));
    co_return co_await parts_.policy.authorize_on_cluster(std::move(who), what, found.cluster);
}

task<std::vector<auth::grant>> access::to_clusters(std::shared_ptr<auth::principal const> who,
                                                   auth::permission what) {
    std::vector<auth::grant> grants;
    auto const all = co_await parts_.clusters.list();
    for (auto const& cluster : all) {
        auto g = co_await parts_.policy.authorize_on_cluster(who, what, cluster.id);
        if (g) grants.push_back(*std::move(g));
    }
    co_return grants;
}

}  // namespace pilothouse::release
