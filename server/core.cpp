#include "server/core.hpp"

#include "base/runtime.hpp"

#include <utility>

namespace pilothouse {

result<std::unique_ptr<core>> core::open(settings const& s, storage::backend const& where,
                                         clock const& time) {
    auto g = std::make_unique<ground>(s, time);
    PILOTHOUSE_TRY(auto opened, storage::open(where, g->files, time, &g->indexes, &g->access));
    return std::unique_ptr<core>(new core(s, std::move(g), std::move(opened)));
}

core::core(settings const& s, std::unique_ptr<ground> g, std::unique_ptr<storage::stores> opened)
    : below(std::move(g)),
      stores(std::move(opened)),
      logins(s.logins),
      authenticator(stores->tokens(), stores->users(), below->access, below->time, &logins),
      policy({stores->projects(), stores->groups(), stores->members()}, below->access, below->time),
      auditor(stores->audit(), below->time),
      tokens(stores->tokens(), auditor, below->time),
      read_index(below->indexes, below->files),
      pull_chart(read_index, stores->catalogue(), stores->blobs()),
      publishing{stores->blobs(), stores->catalogue(), stores->channels(), pins},
      push_chart(publishing, auditor, below->inspections, below->time, s.charts),
      attach_provenance(publishing, auditor),
      list_charts(stores->catalogue()),
      remove_chart(stores->catalogue(), stores->curator(), auditor),
      promote_charts(publishing, stores->curator(), auditor, below->time),
      mark_versions(stores->catalogue(), stores->curator(), auditor, below->time),
      manage_channels(stores->channels(), auditor),
      retain_charts(
          {stores->catalogue(), stores->channels(), stores->curator(), stores->projects()}, auditor,
          below->time),
      collect_garbage(stores->blobs(), stores->catalogue(), pins, auditor, below->time),
      manage_settings(stores->settings(), auditor),
      manage_users(stores->users(), auditor, below->time),
      manage_groups(stores->groups(), auditor, below->time),
      manage_projects(stores->projects(), auditor, below->time),
      manage_members(stores->members(), stores->groups(), auditor, below->time),
      manage_protections(stores->protections(), auditor),
      browse_places({stores->projects(), stores->groups(), stores->members()}, below->time),
      manage_packages(stores->packages(), stores->blobs(), browse_places, auditor),
      manage_access_tokens({stores->users(), stores->members(), stores->tokens(),
                            stores->projects(), stores->groups()},
                           tokens, below->time),
      read_audit(stores->audit()),
      read_quota(stores->channels()) {
    below->indexes.read_from(stores->catalogue());
}

core::~core() { close(); }

void core::close() {
    if (std::exchange(closed_, true)) return;
    try {
        run_to_end(authenticator.flush_last_used());
    } catch (std::exception const&) {
        // A full disk must not keep the rest from closing; a token's last use is worth less.
    }
    below->inspections.drain();
    below->files.drain();
    stores->close();
}

}  // namespace pilothouse
