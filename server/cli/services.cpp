#include "server/cli/services.hpp"

#include "base/uuid.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace pilothouse::cli {

namespace {

constexpr std::string_view projects_hint = "`pilothouse project list` shows all";
constexpr std::string_view environments_hint = "`pilothouse environment list` shows all";

// A path has a slash, so the two cannot be mixed up.
auth::project_reference reference_of(std::string text) {
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc() && end == last) return storage::project_id{number};
    return text;
}

// `place/name`; both empty: it is none.
struct named_within {
    std::string place, name;
};
named_within parts_of(std::string const& reference) {
    auto const slash = reference.rfind('/');
    if (slash == reference.npos) return {};
    return {reference.substr(0, slash), reference.substr(slash + 1)};
}

template <class Record>
std::string uuid_of(std::vector<Record> const& all, std::string const& name) {
    auto const found = std::ranges::find(all, name, &Record::name);
    return found == all.end() ? std::string() : found->uuid;
}

}  // namespace

services::services(core& c, commander on_behalf_of)
    : time(c.below->time),
      tokens(c.tokens),
      users(c.manage_users),
      groups(c.manage_groups),
      projects(c.manage_projects),
      read_quota(c.read_quota),
      members(c.manage_members),
      protections(c.manage_protections),
      webhooks(c.manage_webhooks),
      places(c.browse_places),
      access_tokens(c.manage_access_tokens),
      audit(c.read_audit),
      settings(c.manage_settings),
      files(c.below->files),
      staging(c.stores->staging()),
      push_chart(c.push_chart),
      pull_chart(c.pull_chart),
      read_index(c.read_index),
      list_charts(c.list_charts),
      remove_chart(c.remove_chart),
      packages(c.manage_packages),
      promote_charts(c.promote_charts),
      mark_versions(c.mark_versions),
      channels(c.manage_channels),
      retain_charts(c.retain_charts),
      collect_garbage(c.collect_garbage),
      clusters(c.releases->clusters),
      change_release(c.releases->change),
      releases(c.releases->read),
      diff_release(c.releases->diff),
      environments(c.deploys->environments),
      configured_services(c.deploys->services),
      deployments(c.deploys->deployments),
      together(c.deploys->together),
      stores_(*c.stores),
      policy_(c.policy),
      access_(c.releases->access),
      environment_access_(c.deploys->access),
      caller_(std::move(on_behalf_of)) {}

bool services::here() const noexcept {
    return caller_.who->what == auth::principal::kind::local_operator;
}

// The audit log says where from.
result<auth::grant> services::coming_from(result<auth::grant> granted) const {
    if (granted) granted->came_from(caller_.from);
    return granted;
}

result<auth::grant> services::administration() const {
    return on_server(auth::permission::administer);
}

result<auth::grant> services::on_server(auth::permission what) const {
    return coming_from(policy_.authorize_on_server(caller_.who, what));
}

task<result<auth::grant>> services::in_project(auth::permission what, std::string project) {
    auto granted = coming_from(
        co_await policy_.authorize(caller_.who, what, reference_of(std::move(project))));
    if (!granted) co_return with_hint(std::move(granted).error(), projects_hint);
    co_return granted;
}

task<result<auth::grant>> services::in_group(auth::permission what, std::string group) {
    auto granted =
        coming_from(co_await policy_.authorize_in_group(caller_.who, what, std::move(group)));
    if (!granted)
        co_return with_hint(std::move(granted).error(), "`pilothouse group list` shows all");
    co_return granted;
}

task<result<auth::grant>> services::in_place(auth::permission of_project, auth::permission of_group,
                                             std::string place) {
    auto granted =
        coming_from(co_await policy_.authorize(caller_.who, of_project, reference_of(place)));
    if (granted || granted.error().code != errc::not_found) co_return granted;
    granted =
        coming_from(co_await policy_.authorize_in_group(caller_.who, of_group, std::move(place)));
    if (granted || granted.error().code != errc::not_found) co_return granted;
    co_return failure(errc::not_found,
                      "no such project or group; `pilothouse project list` and `pilothouse group "
                      "list` show all");
}

task<result<auth::grant>> services::in_cluster(auth::permission what, std::string cluster) {
    auto granted = coming_from(co_await access_.to_cluster(caller_.who, what, std::move(cluster)));
    if (!granted)
        co_return with_hint(std::move(granted).error(), "`pilothouse cluster list` shows all");
    co_return granted;
}

task<std::vector<auth::grant>> services::in_clusters(auth::permission what) {
    auto all = co_await access_.to_clusters(caller_.who, what);
    for (auto& g : all) g.came_from(caller_.from);
    co_return all;
}

task<result<auth::grant>> services::of_operation(auth::permission what, std::string id) {
    co_return coming_from(co_await access_.to_operation(caller_.who, what, std::move(id)));
}

// Ids have no slash, so the two cannot be mixed up.
task<result<services::granted_release>> services::of_release(auth::permission what,
                                                             std::string reference) {
    auto const first = reference.find('/');
    if (first == std::string::npos) {
        PILOTHOUSE_CO_TRY(auto g,
                          coming_from(co_await access_.to_release(caller_.who, what, reference)));
        PILOTHOUSE_CO_TRY(auto found, co_await releases.find(g, reference));
        co_return granted_release{std::move(g), std::move(found)};
    }
    auto const second = reference.find('/', first + 1);
    PILOTHOUSE_CO_TRY(auto g, co_await in_cluster(what, reference.substr(0, first)));
    storage::release_filter filter;
    if (second != std::string::npos) {
        filter.name_space = reference.substr(first + 1, second - first - 1);
        filter.name = reference.substr(second + 1);
    }
    storage::release_place const start;
    std::vector<storage::release_record> found;
    if (!filter.name_space.empty() && !filter.name.empty())
        found = co_await releases.list(g, filter, start, 1);
    if (found.empty())
        co_return failure(errc::not_found, "no such release; `pilothouse release list " +
                                               g.cluster().name + "` shows all");
    co_return granted_release{std::move(g), std::move(found.front())};
}

task<result<deploy::environment_access>> services::to_environment(deploy::environment_right what,
                                                                  std::string reference) {
    if (!parse_uuid(reference)) {
        auto const [project, name] = parts_of(reference);
        if (project.empty() || name.empty())
            co_return failure(errc::invalid_argument,
                              "an environment is named by its UUID, or as group/project/name");
        PILOTHOUSE_CO_TRY(auto const g,
                          co_await in_project(auth::permission::read_project, project));
        reference = uuid_of(co_await environments.list(g), name);
        if (reference.empty())
            co_return failure(errc::not_found,
                              "there is no such environment; `pilothouse environment list "
                              "--project " +
                                  project + "` shows all");
    }
    auto a = co_await environment_access_.to_environment(caller_.who, what, std::move(reference));
    if (!a) co_return with_hint(std::move(a).error(), environments_hint);
    a->in_project.came_from(caller_.from);
    if (a->on_cluster) a->on_cluster->came_from(caller_.from);
    co_return a;
}

task<result<deploy::service_access>> services::to_service(deploy::environment_right what,
                                                          std::string reference) {
    if (!parse_uuid(reference)) {
        auto const [environment, name] = parts_of(reference);
        if (environment.empty() || name.empty())
            co_return failure(
                errc::invalid_argument,
                "a service is named by its UUID, or as group/project/environment/name");
        PILOTHOUSE_CO_TRY(auto const a,
                          co_await to_environment(deploy::environment_right::see, environment));
        reference = uuid_of(co_await stores_.services().list(a.environment.id), name);
        if (reference.empty())
            co_return failure(errc::not_found,
                              "there is no such service; `pilothouse service list " + environment +
                                  "` shows all");
    }
    auto a = co_await environment_access_.to_service(caller_.who, what, std::move(reference));
    if (!a) co_return with_hint(std::move(a).error(), "`pilothouse service list ENV` shows all");
    a->in_project.came_from(caller_.from);
    if (a->on_cluster) a->on_cluster->came_from(caller_.from);
    co_return a;
}

task<result<storage::project_record>> services::project(std::string path_or_number) {
    PILOTHOUSE_CO_TRY(auto const g, co_await in_project(auth::permission::read_project,
                                                        std::move(path_or_number)));
    co_return g.project();
}

task<result<storage::user_record>> services::user(std::string name) {
    PILOTHOUSE_CO_TRY(auto const g, on_server(auth::permission::be_somebody));
    auto found = co_await users.find(g, std::move(name));
    if (!found) co_return with_hint(std::move(found).error(), "`pilothouse user list` shows all");
    co_return found;
}

task<result<void>> services::ready() { return stores_.check(); }

std::string const& path_of(auth::grant const& g) {
    return g.project().path.empty() ? g.group().path : g.project().path;
}

failure with_hint(failure why, std::string_view hint) {
    if (why.code == errc::not_found) why.detail.append("; ").append(hint);
    return why;
}

}  // namespace pilothouse::cli
