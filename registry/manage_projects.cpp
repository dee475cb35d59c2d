#include "registry/manage_projects.hpp"

#include "registry/path_rules.hpp"

#include <utility>

namespace pilothouse::registry {

using storage::project_record;

task<result<project_record>> manage_projects::create(auth::grant const&, project_record wanted) {
    if (auto const good = check_project_path(wanted.path); !good) co_return good.error();
    for (project_record const& other : co_await projects_.list())
        if (paths_collide(other.path, wanted.path))
            co_return failure(errc::conflict, other.path.size() == wanted.path.size()
                                                  ? "there is a project of this path already"
                                                  : "a project cannot lie within another one");
    wanted.id = {};
    wanted.created = time_.now();
    co_return co_await projects_.create(std::move(wanted));
}

task<result<project_record>> manage_projects::edit(auth::grant const&, storage::project_id id,
                                                   project_changes changes) {
    PILOTHOUSE_CO_TRY(auto project, co_await projects_.find(id));
    project.visibility = changes.visibility.value_or(project.visibility);
    project.anyone_can_pull = changes.anyone_can_pull.value_or(project.anyone_can_pull);
    project.duplicates = changes.duplicates.value_or(project.duplicates);
    project.archived = changes.archived.value_or(project.archived);
    project.packages_enabled = changes.packages_enabled.value_or(project.packages_enabled);
    co_return co_await projects_.edit(std::move(project));
}

task<result<void>> manage_projects::remove(auth::grant const&, storage::project_id id) {
    co_return co_await projects_.remove(id);
}

task<result<project_record>> manage_projects::find(auth::grant const&, storage::project_id id) {
    co_return co_await projects_.find(id);
}

task<result<project_record>> manage_projects::find(auth::grant const&, std::string path) {
    co_return co_await projects_.find(std::move(path));
}

task<std::vector<project_record>> manage_projects::list(auth::grant const&) {
    co_return co_await projects_.list();
}

}  // namespace pilothouse::registry
