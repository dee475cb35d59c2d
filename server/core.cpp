#include "server/core.hpp"

#include "base/random.hpp"
#include "base/runtime.hpp"
#include "storage/fs/layout.hpp"

#include <filesystem>
#include <system_error>
#include <utility>
#include <variant>

namespace pilothouse {

namespace {

// Absolute, because helm works elsewhere, and takes a relative path for the name of a repository.
std::filesystem::path runs_of(storage::backend const& where) {
    if (auto const* const folder = std::get_if<storage::folder_backend>(&where))
        return std::filesystem::absolute(storage::fs::layout{folder->folder}.runs());
    return std::filesystem::temp_directory_path() / ("pilothouse-runs-" + random_base62(12));
}

result<key_ring> open_keys(settings const& s, storage::backend const& where) {
    auto const* const folder = std::get_if<storage::folder_backend>(&where);
    if (folder == nullptr) return key_ring::temporary();
    if (!s.cluster_key_file.empty()) return key_ring::open(s.cluster_key_file);
    storage::fs::layout const data{folder->folder};
    std::error_code ignored;  // what cannot be made cannot be opened, and that is said
    std::filesystem::create_directory(data.keys(), ignored);
    return key_ring::open(data.cluster_keys());
}

}  // namespace

struct core::opened_house {
    std::unique_ptr<storage::stores> stores;
    key_ring keys;
    std::filesystem::path runs;
};

result<std::unique_ptr<core>> core::open(settings const& s, storage::backend const& where,
                                         clock const& time) {
    auto g = std::make_unique<ground>(s, time);
    PILOTHOUSE_TRY(auto stores, storage::open(where, g->files, time, &g->indexes, &g->access));
    PILOTHOUSE_TRY(auto keys, open_keys(s, where));
    opened_house opened{std::move(stores), std::move(keys), runs_of(where)};
    return std::unique_ptr<core>(new core(s, std::move(g), std::move(opened)));
}

core::core(settings const& s, std::unique_ptr<ground> g, opened_house opened)
    : below(std::move(g)),
      stores(std::move(opened.stores)),
      keys(std::move(opened.keys)),
      auditor(stores->audit(), below->time),
      sessions(keys, stores->tokens(), auditor, below->time),
      logins(s.logins),
      authenticator(stores->tokens(), stores->users(), below->access, below->time, &logins,
                    &sessions),
      policy({stores->projects(), stores->groups(), stores->members(), stores->clusters(),
              stores->cluster_members()},
             below->access, below->time),
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
      read_quota(stores->channels()),
      sender({s.webhooks.allow_private, s.webhooks.ca_file, s.webhooks.timeout}),
      delivering{stores->webhooks(),
                 stores->deliveries(),
                 stores->operations(),
                 stores->deployments(),
                 stores->services(),
                 stores->environments(),
                 stores->projects(),
                 stores->users(),
                 stores->audit(),
                 policy,
                 keys,
                 sender,
                 below->time,
                 {.first = s.webhooks.first_retry},
                 {}},
      manage_webhooks({delivering, auditor, s.webhooks.allow_private}),
      webhook_secrets(stores->webhooks(), keys),
      releases(std::make_unique<release_core>(
          s, release_core::ground{*stores, policy, auditor, keys, below->files, below->time},
          opened.runs)),
      deploys(std::make_unique<deploy_core>(*stores, *releases, s.deployments_waiting)) {
    below->indexes.read_from(stores->catalogue());
    releases->clusters.also_sealed(webhook_secrets);
}

core::~core() { close(); }

void core::close() {
    if (std::exchange(closed_, true)) return;
    try {
        run_to_end(authenticator.flush_last_used());
    } catch (std::exception const&) {
        // A full disk must not keep the rest from closing; a token's last use is worth less.
    }
    releases.reset();
    below->inspections.drain();
    below->files.drain();
    stores->close();
}

}  // namespace pilothouse
