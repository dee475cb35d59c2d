#include "server/cli/services.hpp"

#include <charconv>
#include <utility>

namespace pilothouse::cli {

namespace {

constexpr std::string_view projects_hint = "`pilothouse project list` shows all";

// A path has a slash, so the two cannot be mixed up.
auth::project_reference reference_of(std::string text) {
    std::int64_t number = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc() && end == last) return storage::project_id{number};
    return text;
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
      stores_(*c.stores),
      policy_(c.policy),
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
