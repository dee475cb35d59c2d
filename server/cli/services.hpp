// What commands work with: the use cases, and the right to call them.
#pragma once

#include "auth/policy.hpp"
#include "auth/token_issuer.hpp"
#include "server/core.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::cli {

// Who has commands run: whoever commands on the server's own machine, unless it says otherwise.
struct commander {
    std::shared_ptr<auth::principal const> who = auth::local_operator();
    std::string from = {};  // the client's address; empty: the server's own machine
};

// Thread-safe. The core outlives it. Made for each commander: a command gets grants for what he may
// do, and from here alone.
class services {
public:
    explicit services(core& c, commander on_behalf_of = {});

    // Whether the command was called on the server's own machine. Elsewhere nothing is said of the
    // server's files, and what the HTTP API limits is limited.
    [[nodiscard]] bool here() const noexcept;

    // errc::denied, errc::insufficient_scope: the caller is no administrator.
    [[nodiscard]] result<auth::grant> administration() const;
    // A permission of the whole server; errc as auth::policy has them.
    [[nodiscard]] result<auth::grant> on_server(auth::permission what) const;
    // errc::not_found. The project by its path, or by its number.
    [[nodiscard]] task<result<auth::grant>> in_project(auth::permission what, std::string project);
    // The same of a group, by its path.
    [[nodiscard]] task<result<auth::grant>> in_group(auth::permission what, std::string group);
    // Of the project that is called so, otherwise of the group.
    [[nodiscard]] task<result<auth::grant>> in_place(auth::permission of_project,
                                                     auth::permission of_group, std::string place);
    // A permission of a cluster, by its name.
    [[nodiscard]] task<result<auth::grant>> in_cluster(auth::permission what, std::string cluster);
    // Of every cluster in which the caller has it.
    [[nodiscard]] task<std::vector<auth::grant>> in_clusters(auth::permission what);
    [[nodiscard]] task<result<auth::grant>> of_operation(auth::permission what, std::string id);
    // A release by its id, or as `cluster/namespace/name`, and the grant of its cluster.
    struct granted_release {
        auth::grant grant;
        storage::release_record record;
    };
    [[nodiscard]] task<result<granted_release>> of_release(auth::permission what,
                                                           std::string reference);
    // An environment by its UUID, or as `group/project/name`; a service by its UUID, or by its name
    // behind that.
    [[nodiscard]] task<result<deploy::environment_access>> to_environment(
        deploy::environment_right what, std::string reference);
    [[nodiscard]] task<result<deploy::service_access>> to_service(deploy::environment_right what,
                                                                  std::string reference);
    [[nodiscard]] task<result<storage::project_record>> project(std::string path_or_number);
    // Whoever is somebody may look for others by name.
    [[nodiscard]] task<result<storage::user_record>> user(std::string name);
    // Success when the server can do its work; no secret.
    [[nodiscard]] task<result<void>> ready();

    clock const& time;
    auth::token_issuer& tokens;
    registry::manage_users& users;
    registry::manage_groups& groups;
    registry::manage_projects& projects;
    registry::read_quota& read_quota;
    registry::manage_members& members;
    registry::manage_protections& protections;
    notify::manage_webhooks& webhooks;
    registry::browse_places& places;
    registry::manage_access_tokens& access_tokens;
    registry::read_audit& audit;
    registry::manage_settings& settings;
    blocking_pool& files;
    storage::staging_area& staging;
    registry::push_chart& push_chart;
    registry::pull_chart& pull_chart;
    registry::read_index& read_index;
    registry::list_charts& list_charts;
    registry::remove_chart& remove_chart;
    registry::manage_packages& packages;
    registry::promote_charts& promote_charts;
    registry::mark_versions& mark_versions;
    registry::manage_channels& channels;
    registry::retain_charts& retain_charts;
    registry::collect_garbage& collect_garbage;
    release::manage_clusters& clusters;
    release::change_release& change_release;
    release::read_releases& releases;
    release::diff_release& diff_release;
    deploy::manage_environments& environments;
    deploy::configure_services& configured_services;
    deploy::deploy_services& deployments;
    deploy::several_services& together;

private:
    [[nodiscard]] result<auth::grant> coming_from(result<auth::grant> granted) const;

    storage::stores& stores_;
    auth::policy& policy_;
    release::access& access_;
    deploy::access& environment_access_;
    commander caller_;
};

// Of the project or group that the grant is for; as long as the grant lives.
[[nodiscard]] std::string const& path_of(auth::grant const& g);

// The failure with another sentence behind it, where it is errc::not_found: what to do next.
[[nodiscard]] failure with_hint(failure why, std::string_view hint);

}  // namespace pilothouse::cli
