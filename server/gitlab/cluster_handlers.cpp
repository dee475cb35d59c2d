#include "registry/directory_names.hpp"
#include "server/gitlab/release_handlers.hpp"
#include "server/shapes/release_shapes.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using auth::permission;
using shapes::shape_of;

release::new_cluster access_asked(parameters& asked) {
    release::new_cluster wanted;
    wanted.name = asked.text("name").value_or("");
    wanted.kubeconfig = secret(asked.text("kubeconfig").value_or(""));
    wanted.context = asked.text("context").value_or("");
    wanted.namespaces = asked.list("namespaces");
    return wanted;
}

}  // namespace

rest_result cluster_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const granted = co_await uses_.access.to_clusters(r.x.who, permission::see_cluster);
    co_return paged(r, page, granted, [](auth::grant const& g) { return shape_of(g.cluster()); });
}

task<result<auth::grant>> cluster_handlers::to_own(rest_request& r, owner_asked who) {
    if (who.project)
        co_return co_await uses_.policy.authorize(r.x.who, permission::own_project,
                                                  storage::project_id(*who.project));
    if (who.group)
        co_return co_await uses_.policy.authorize_in_group(r.x.who, permission::own_group,
                                                           storage::group_id(*who.group));
    co_return uses_.policy.authorize_on_server(r.x.who, permission::administer);
}

rest_result cluster_handlers::add(rest_request& r) {
    r.asked.require({"name", "kubeconfig"});
    auto wanted = access_asked(r.asked);
    owner_asked const owner{r.asked.integer("project_id"), r.asked.integer("group_id")};
    if (owner.project && owner.group)
        r.asked.complain("project_id, group_id are mutually exclusive");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto g, co_await to_own(r, owner));
    g.came_from(r.x.peer);
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.clusters.add(g, std::move(wanted)));
    co_return shown(201, shape_of(made));
}

rest_result cluster_handlers::show(rest_request& r) {
    co_return shown(200, shape_of(r.grant().cluster()));
}

rest_result cluster_handlers::edit(rest_request& r) {
    auto wanted = access_asked(r.asked);
    std::optional<std::vector<std::string>> namespaces;
    if (r.asked.has("namespaces") || r.asked.is_empty("namespaces")) namespaces = wanted.namespaces;
    bool const reached_anew = r.asked.has("kubeconfig");
    if (!reached_anew && !namespaces)
        r.asked.complain(
            "kubeconfig, namespaces are missing, at least one parameter must be "
            "provided");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    std::optional<release::new_cluster> access;
    if (reached_anew) access = std::move(wanted);
    PILOTHOUSE_CO_TRY(auto const edited, co_await uses_.clusters.edit(r.grant(), std::move(access),
                                                                      std::move(namespaces)));
    co_return shown(200, shape_of(edited));
}

rest_result cluster_handlers::remove(rest_request& r) {
    bool const forget = r.asked.flag("forget_releases").value_or(false);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const gone = co_await uses_.clusters.remove(r.grant(), forget);
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result cluster_handlers::check(rest_request& r) {
    auto name_space = r.asked.text("namespace").value_or("default");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const seen,
                      co_await uses_.clusters.check(r.grant(), std::move(name_space)));
    co_return shown(200, shape_of(seen));
}

rest_result cluster_handlers::members(rest_request& r) {
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.clusters.members(r.grant()));
    co_return paged(r, page, all, [](storage::cluster_member const& m) { return shape_of(m); });
}

// By number.
task<result<storage::user_record>> cluster_handlers::user_in(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const number, number_in(r.path(1)));
    PILOTHOUSE_CO_TRY(auto const g,
                      uses_.policy.authorize_on_server(r.x.who, permission::be_somebody));
    co_return co_await uses_.users.find(g, storage::user_id(number));
}

rest_result cluster_handlers::set_member(rest_request& r) {
    r.asked.require({"role"});
    auto const word = r.asked.word("role", {"reporter", "developer", "maintainer"});
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const user, co_await user_in(r));
    auto const role = *registry::parse_role(*word);
    auto const set = co_await uses_.clusters.set_member(r.grant(), user.id, user.username, role);
    if (!set) co_return set.error();
    storage::cluster_member const member{user, role};
    co_return shown(200, shape_of(member));
}

rest_result cluster_handlers::remove_member(rest_request& r) {
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const user, co_await user_in(r));
    auto const gone = co_await uses_.clusters.remove_member(r.grant(), user.id, user.username);
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result cluster_handlers::rotate_key(rest_request& r) {
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const count, co_await uses_.clusters.rotate_key(r.grant()));
    json::object const told{{"clusters", count}};
    co_return shown(200, told);
}

}  // namespace pilothouse::gitlab
