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

services::services(core& c)
    : stores(*c.stores),
      policy(c.policy),
      time(c.below->time),
      tokens(c.stores->tokens(), time),
      users(c.stores->users(), time),
      projects(c.stores->projects(), time),
      members(c.stores->members()),
      settings(c.manage_settings),
      list_charts(c.list_charts),
      remove_chart(c.remove_chart),
      collect_garbage(c.collect_garbage) {}

result<auth::grant> services::administration() const {
    return policy.authorize_administration(auth::local_operator());
}

task<result<auth::grant>> services::in_project(auth::permission what, std::string project) {
    auto granted =
        co_await policy.authorize(auth::local_operator(), what, reference_of(std::move(project)));
    if (!granted) co_return with_hint(std::move(granted).error(), projects_hint);
    co_return granted;
}

task<result<storage::project_record>> services::project(std::string path_or_number) {
    PILOTHOUSE_CO_TRY(auto const g, administration());
    auto const reference = reference_of(std::move(path_or_number));
    auto found = std::holds_alternative<std::string>(reference)
                     ? co_await projects.find(g, std::get<std::string>(reference))
                     : co_await projects.find(g, std::get<storage::project_id>(reference));
    if (!found) co_return with_hint(std::move(found).error(), projects_hint);
    co_return found;
}

task<result<storage::user_record>> services::user(std::string name) {
    PILOTHOUSE_CO_TRY(auto const g, administration());
    auto found = co_await users.find(g, std::move(name));
    if (!found) co_return with_hint(std::move(found).error(), "`pilothouse user list` shows all");
    co_return found;
}

failure with_hint(failure why, std::string_view hint) {
    if (why.code == errc::not_found) why.detail.append("; ").append(hint);
    return why;
}

}  // namespace pilothouse::cli
