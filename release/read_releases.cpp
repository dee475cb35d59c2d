#include "release/read_releases.hpp"

#include "release/kubeconfig.hpp"
#include "release/placed_objects.hpp"
#include "release/release_targets.hpp"
#include "release/shown_history.hpp"

#include <set>
#include <utility>

namespace pilothouse::release {

namespace {

using auth::permission;
using storage::operation_kind;
using storage::operation_state;

void expect_sight(auth::grant const& g) {
    g.expect({permission::see_cluster, permission::use_cluster, permission::manage_cluster});
}

failure no_such_operation() { return {errc::not_found, "there is no such operation"}; }

using known_names = std::set<std::pair<std::string, std::string>>;

// Namespace and name of all that is ours in the cluster.
task<known_names> ours_in(release_parts const& parts, storage::cluster_id cluster) {
    known_names all;
    storage::release_filter filter;
    filter.cluster = cluster;
    storage::release_place after;
    for (;;) {
        auto const some = co_await parts.releases.list(filter, after, release_page);
        for (auto const& r : some) all.emplace(r.name_space, r.name);
        if (some.size() < release_page) co_return all;
        after = {some.back().created, some.back().id};
    }
}

}  // namespace

task<std::vector<storage::release_record>> read_releases::list(auth::grant const& g,
                                                               storage::release_filter filter,
                                                               storage::release_place after,
                                                               std::size_t count) {
    expect_sight(g);
    filter.cluster = g.cluster().id;
    filter.within = {};
    if (parts_.looked_at) parts_.looked_at(g.cluster().id);
    co_return co_await parts_.releases.list(std::move(filter), std::move(after), count);
}

task<result<storage::release_record>> read_releases::find(auth::grant const& g, std::string id) {
    expect_sight(g);
    PILOTHOUSE_CO_TRY(auto found, co_await parts_.releases.find(std::move(id)));
    if (found.cluster != g.cluster().id)
        co_return failure(errc::not_found, "there is no such release");
    if (parts_.looked_at) parts_.looked_at(found.cluster);
    co_return found;
}

task<result<std::vector<object_state>>> read_releases::drift(auth::grant const& g, std::string id) {
    PILOTHOUSE_CO_TRY(auto const release, co_await find(g, std::move(id)));
    if (parts_.looks == nullptr)
        co_return failure(errc::unavailable, "nothing here can look at objects in clusters");
    PILOTHOUSE_CO_TRY(auto const where, co_await target_of(parts_, release));
    PILOTHOUSE_CO_TRY(auto access, reread_kubeconfig(where.kubeconfig));
    PILOTHOUSE_CO_TRY(auto made, co_await parts_.helm.manifest(where, 0));
    auto objects = placed_in(where.name_space, std::move(made));
    co_return co_await parts_.looks->drifted(std::move(access), std::move(objects));
}

task<result<std::vector<revision>>> read_releases::history(auth::grant const& g, std::string id) {
    PILOTHOUSE_CO_TRY(auto const release, co_await find(g, std::move(id)));
    PILOTHOUSE_CO_TRY(auto const where, co_await target_of(parts_, release));
    co_return co_await shown_history(parts_, where);
}

task<result<secret>> read_releases::values(auth::grant const& g, std::string id) {
    g.expect({permission::use_cluster});
    PILOTHOUSE_CO_TRY(auto const release, co_await find(g, std::move(id)));
    PILOTHOUSE_CO_TRY(auto where, co_await target_of(parts_, release));
    PILOTHOUSE_CO_TRY(auto values, co_await parts_.helm.values(std::move(where)));
    if (values.reveal() == "null") co_return secret("{}");
    co_return std::move(values);
}

task<result<std::vector<listed_release>>> read_releases::foreign(auth::grant const& g) {
    expect_sight(g);
    PILOTHOUSE_CO_TRY(auto kubeconfig, co_await open_kubeconfig(parts_, g.cluster().id));
    std::string const everywhere;
    PILOTHOUSE_CO_TRY(auto all, co_await parts_.helm.list(std::move(kubeconfig), everywhere, -1));
    auto const ours = co_await ours_in(parts_, g.cluster().id);
    std::erase_if(all,
                  [&](listed_release const& r) { return ours.contains({r.name_space, r.name}); });
    co_return all;
}

task<result<storage::operation_record>> read_releases::operation(auth::grant const& g,
                                                                 std::string id) {
    expect_sight(g);
    PILOTHOUSE_CO_TRY(auto found, co_await parts_.operations.find(std::move(id)));
    if (found.cluster != g.cluster().id) co_return no_such_operation();
    co_return found;
}

task<std::vector<storage::operation_record>> read_releases::operations(auth::grant const& g,
                                                                       std::string release,
                                                                       std::size_t skip,
                                                                       std::size_t count) {
    expect_sight(g);
    storage::operation_filter filter;
    filter.release = std::move(release);
    filter.within = std::vector{g.cluster().id};
    co_return co_await parts_.operations.list(std::move(filter), skip, count);
}

task<result<std::vector<storage::operation_event>>> read_releases::events(auth::grant const& g,
                                                                          std::string operation_id,
                                                                          std::int64_t after) {
    PILOTHOUSE_CO_TRY(auto const found, co_await operation(g, std::move(operation_id)));
    co_return co_await parts_.events.read(found.id, after);
}

task<result<storage::operation_record>> read_releases::cancel(auth::grant const& g,
                                                              std::string id) {
    g.expect({permission::use_cluster});
    PILOTHOUSE_CO_TRY(auto found, co_await operation(g, std::move(id)));
    if (found.state == operation_state::done || found.state == operation_state::cancelling)
        co_return found;
    bool const whole_alone =
        found.kind == operation_kind::uninstall || found.kind == operation_kind::rollback;
    if (found.state == operation_state::running && whole_alone)
        co_return failure(errc::wrong_state,
                          std::string(name_of(found.kind)) +
                              " is under way, and cannot be cancelled: Helm would leave the "
                              "release half done");
    PILOTHOUSE_CO_TRY(auto now, co_await parts_.operations.cancel(found.id));
    parts_.work_waits();
    auth::audited const release{"Release", 0,
                                now.cluster_name + "/" + now.name_space + "/" + now.name};
    co_await parts_.audit.note(g, "release_operation_cancelled", release, now.id);
    co_return now;
}

}  // namespace pilothouse::release
