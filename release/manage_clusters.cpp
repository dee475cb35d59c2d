#include "release/manage_clusters.hpp"

#include "release/purposes.hpp"
#include "release/release_name.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace pilothouse::release {

namespace {

using auth::permission;
using storage::cluster_record;

constexpr std::size_t namespace_patterns_max = 100;
constexpr std::size_t releases_looked_at = 1;

auth::audited thing(cluster_record const& c) { return {"Cluster", c.id.value, c.name}; }

// A DNS label: clients name the cluster by it, in paths too.
result<void> check_cluster_name(std::string_view name) {
    if (check_namespace(name)) return {};
    return failure(errc::invalid_argument,
                   "a cluster's name has at most 63 lower-case letters, digits and hyphens, and "
                   "neither begins nor ends with a hyphen");
}

result<void> check_patterns(std::vector<std::string> const& patterns) {
    if (patterns.size() > namespace_patterns_max)
        return failure(errc::invalid_argument, "a cluster takes at most 100 namespace patterns");
    for (auto const& pattern : patterns) {
        auto plain = pattern;
        std::ranges::replace(plain, '*', 'x');
        if (!check_namespace(plain))
            return failure(errc::invalid_argument,
                           "a namespace pattern is a namespace in which `*` may stand for any run "
                           "of characters");
    }
    return {};
}

bool names_servers(auth::grant const& g, cluster_rules const& rules) {
    return rules.registered_by == cluster_registrars::owners || g.administrates();
}

std::optional<storage::place_id> owner_of(auth::grant const& g) {
    if (g.what() == permission::own_project) return storage::place_id(g.project().id);
    if (g.what() == permission::own_group) return storage::place_id(g.group().id);
    return std::nullopt;
}

}  // namespace

task<result<cluster_record>> manage_clusters::add(auth::grant const& g, new_cluster wanted) {
    g.expect({permission::own_project, permission::own_group, permission::administer});
    if (!names_servers(g, rules_))
        co_return failure(errc::denied, "only administrators register clusters here");
    if (auto const ok = check_cluster_name(wanted.name); !ok) co_return ok.error();
    if (auto const ok = check_patterns(wanted.namespaces); !ok) co_return ok.error();
    PILOTHOUSE_CO_TRY(auto const access,
                      read_kubeconfig(wanted.kubeconfig, wanted.context, rules_.kubeconfigs));
    cluster_record record;
    record.name = std::move(wanted.name);
    record.owner = owner_of(g);
    record.server = access.server;
    record.sealed_kubeconfig =
        keys_.seal(write_kubeconfig(access), kubeconfig_purpose(record.name));
    record.namespaces = std::move(wanted.namespaces);
    record.creator = g.who().user;
    record.created = record.updated = parts_.time.now();
    PILOTHOUSE_CO_TRY(auto made, co_await parts_.clusters.create(std::move(record)));
    co_await parts_.audit.note(g, "cluster_added", thing(made), "at " + made.server);
    co_return made;
}

task<result<cluster_record>> manage_clusters::find(auth::grant const& g) {
    g.expect({permission::see_cluster, permission::use_cluster, permission::manage_cluster});
    co_return co_await parts_.clusters.find(g.cluster().id);
}

task<result<cluster_record>> manage_clusters::edit(
    auth::grant const& g, std::optional<new_cluster> fresh_access,
    std::optional<std::vector<std::string>> namespaces) {
    g.expect({permission::manage_cluster});
    std::optional<cluster_access> access;
    if (fresh_access) {
        PILOTHOUSE_CO_TRY(access, read_kubeconfig(fresh_access->kubeconfig, fresh_access->context,
                                                  rules_.kubeconfigs));
    }
    if (namespaces)
        if (auto const ok = check_patterns(*namespaces); !ok) co_return ok.error();
    auto const change = [&](cluster_record& c) -> result<void> {
        if (access) {
            if (access->server != c.server && !names_servers(g, rules_))
                return failure(errc::denied,
                               "only administrators give a cluster another server here");
            c.server = access->server;
            c.sealed_kubeconfig = keys_.seal(write_kubeconfig(*access), kubeconfig_purpose(c.name));
        }
        if (namespaces) c.namespaces = *namespaces;
        c.updated = parts_.time.now();
        return {};
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await parts_.clusters.edit(g.cluster().id, change));
    co_await parts_.audit.note(g, "cluster_updated", thing(edited),
                               access ? "reached anew, at " + edited.server : "");
    co_return edited;
}

task<result<void>> manage_clusters::remove(auth::grant const& g, bool forget_releases) {
    g.expect({permission::manage_cluster});
    storage::release_filter filter;
    filter.cluster = g.cluster().id;
    storage::release_place const first;
    auto const left = co_await parts_.releases.list(filter, first, releases_looked_at);
    if (!left.empty() && !forget_releases)
        co_return failure(errc::wrong_state,
                          "releases are installed in this cluster: uninstall them first, or leave "
                          "them there and have them forgotten");
    auto const gone = co_await parts_.clusters.remove(g.cluster().id);
    if (!gone) co_return gone.error();
    co_await parts_.audit.note(g, "cluster_removed", thing(g.cluster()));
    co_return result<void>();
}

task<result<inspection>> manage_clusters::check(auth::grant const& g, std::string name_space) {
    g.expect({permission::use_cluster});
    if (auto const ok = check_namespace(name_space); !ok) co_return ok.error();
    auto const& c = g.cluster();
    PILOTHOUSE_CO_TRY(auto const text, keys_.open(c.sealed_kubeconfig, kubeconfig_purpose(c.name)));
    PILOTHOUSE_CO_TRY(auto access, reread_kubeconfig(text));
    co_return co_await looks_.inspect(std::move(access), std::move(name_space));
}

task<result<std::vector<storage::cluster_member>>> manage_clusters::members(auth::grant const& g) {
    g.expect({permission::see_cluster, permission::use_cluster, permission::manage_cluster});
    co_return co_await members_.list(g.cluster().id);
}

task<result<void>> manage_clusters::set_member(auth::grant const& g, storage::user_id user,
                                               std::string username, storage::role as) {
    g.expect({permission::manage_cluster});
    if (as < storage::role::reporter || as > storage::role::maintainer)
        co_return failure(errc::invalid_argument,
                          "a cluster's members are `reporter` (sees releases), `developer` "
                          "(installs) or `maintainer` (looks after the cluster)");
    auto const set = co_await members_.set(g.cluster().id, user, as);
    if (!set) co_return set.error();
    co_await parts_.audit.note(g, "cluster_member_set", thing(g.cluster()), std::move(username));
    co_return result<void>();
}

task<result<void>> manage_clusters::remove_member(auth::grant const& g, storage::user_id user,
                                                  std::string username) {
    g.expect({permission::manage_cluster});
    auto const gone = co_await members_.remove(g.cluster().id, user);
    if (!gone) co_return gone.error();
    co_await parts_.audit.note(g, "cluster_member_removed", thing(g.cluster()),
                               std::move(username));
    co_return result<void>();
}

// Values of operations that wait are sealed with the key of their time until they ran.
task<bool> manage_clusters::old_keys_are_needed() {
    auto const work = co_await parts_.operations.count();
    if (work.queued + work.running != 0) co_return true;
    for (auto* const texts : others_)
        if (!co_await texts->are_current()) co_return true;
    auto const all = co_await parts_.clusters.list();
    co_return !std::ranges::all_of(
        all, [&](cluster_record const& c) { return keys_.is_current(c.sealed_kubeconfig); });
}

// The key that ends here is kept until the next rotation: a cluster that is being added, or an
// operation, may be sealed with it and not be stored yet.
task<result<std::size_t>> manage_clusters::rotate_key(auth::grant const& g) {
    g.expect({permission::administer});
    // What the second one forgets, the first one has not sealed anew yet.
    if (rotating_.exchange(true)) co_return failure(errc::busy, "the key is being changed already");
    auto const end = [](std::atomic<bool>* flag) { flag->store(false); };
    std::unique_ptr<std::atomic<bool>, decltype(end)> const until_then(&rotating_, end);
    bool const needed = co_await old_keys_are_needed();
    auto const job = [&]() -> result<void> {
        if (!needed)
            if (auto const gone = keys_.forget_old(); !gone) return gone.error();
        return keys_.rotate();
    };
    auto const fresh = co_await parts_.files.run(job);
    if (!fresh) co_return fresh.error();
    std::size_t count = 0;
    for (auto const& cluster : co_await parts_.clusters.list()) {
        auto const change = [&](cluster_record& c) -> result<void> {
            auto const purpose = kubeconfig_purpose(c.name);
            PILOTHOUSE_TRY(auto const plain, keys_.open(c.sealed_kubeconfig, purpose));
            c.sealed_kubeconfig = keys_.seal(plain, purpose);
            return {};
        };
        auto const sealed = co_await parts_.clusters.edit(cluster.id, change);
        if (!sealed && sealed.error().code != errc::not_found) co_return sealed.error();
        ++count;
    }
    for (auto* const texts : others_) {
        PILOTHOUSE_CO_TRY(auto const sealed, co_await texts->seal_anew());
        count += sealed;
    }
    auth::audited const all{"Cluster", 0, "all"};
    co_await parts_.audit.note(g, "cluster_key_rotated", all);
    co_return count;
}

}  // namespace pilothouse::release
