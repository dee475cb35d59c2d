// Everything behind the doors: the stores, the index, who may do what, and the use cases. One for
// the server, and one for a command that finds no server running.
#pragma once

#include "auth/access_cache.hpp"
#include "auth/auditor.hpp"
#include "auth/login_throttle.hpp"
#include "auth/policy.hpp"
#include "auth/session_tokens.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_issuer.hpp"
#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/sealing.hpp"
#include "index/channel_index.hpp"
#include "notify/delivery_parts.hpp"
#include "notify/http_sender.hpp"
#include "notify/manage_webhooks.hpp"
#include "notify/sealed_secrets.hpp"
#include "registry/attach_provenance.hpp"
#include "registry/blob_pins.hpp"
#include "registry/browse_places.hpp"
#include "registry/collect_garbage.hpp"
#include "registry/list_charts.hpp"
#include "registry/manage_access_tokens.hpp"
#include "registry/manage_channels.hpp"
#include "registry/manage_groups.hpp"
#include "registry/manage_members.hpp"
#include "registry/manage_packages.hpp"
#include "registry/manage_projects.hpp"
#include "registry/manage_protections.hpp"
#include "registry/manage_settings.hpp"
#include "registry/manage_users.hpp"
#include "registry/mark_versions.hpp"
#include "registry/promote_charts.hpp"
#include "registry/pull_chart.hpp"
#include "registry/push_chart.hpp"
#include "registry/read_audit.hpp"
#include "registry/read_index.hpp"
#include "registry/read_quota.hpp"
#include "registry/remove_chart.hpp"
#include "registry/retain_charts.hpp"
#include "server/deploy_core.hpp"
#include "server/release_core.hpp"
#include "server/settings.hpp"
#include "storage/open.hpp"

#include <memory>

namespace pilothouse {

// What the stores need before they open.
struct ground {
    ground(settings const& s, clock const& t)
        : time(t),
          files("files", {.threads = s.file_threads}),
          inspections("inspections",
                      {.threads = s.inspection_threads, .waiting_max = s.inspections_waiting}),
          indexes(s.index_format, s.index_memory) {}

    clock const& time;
    blocking_pool files;
    // Apart, so that a pull never waits behind somebody's hostile archive.
    blocking_pool inspections;
    auth::access_cache access;
    index::channel_index indexes;
};

// Members are public, and in the order in which each needs the ones before it.
class core {
public:
    // Blocks while the stores open; see storage::open for what can go wrong. The clock outlives the
    // core.
    [[nodiscard]] static result<std::unique_ptr<core>> open(settings const& s,
                                                            storage::backend const& where,
                                                            clock const& time);
    ~core();  // close()
    core(core const&) = delete;
    core& operator=(core const&) = delete;

    // Writes what is only in memory, waits for what is under way, closes the stores. Idempotent.
    void close();

    std::unique_ptr<ground> below;
    std::unique_ptr<storage::stores> stores;
    key_ring keys;  // of clusters' credentials and webhooks' secrets
    auth::auditor auditor;
    auth::session_tokens sessions;
    auth::login_throttle logins;
    auth::token_authenticator authenticator;
    auth::policy policy;
    auth::token_issuer tokens;
    registry::blob_pins pins;
    registry::read_index read_index;
    registry::pull_chart pull_chart;
    registry::chart_stores publishing;
    registry::push_chart push_chart;
    registry::attach_provenance attach_provenance;
    registry::list_charts list_charts;
    registry::remove_chart remove_chart;
    registry::promote_charts promote_charts;
    registry::mark_versions mark_versions;
    registry::manage_channels manage_channels;
    registry::retain_charts retain_charts;
    registry::collect_garbage collect_garbage;
    registry::manage_settings manage_settings;
    registry::manage_users manage_users;
    registry::manage_groups manage_groups;
    registry::manage_projects manage_projects;
    registry::manage_members manage_members;
    registry::manage_protections manage_protections;
    registry::browse_places browse_places;
    registry::manage_packages manage_packages;
    registry::manage_access_tokens manage_access_tokens;
    registry::read_audit read_audit;
    registry::read_quota read_quota;
    notify::http_sender sender;
    notify::delivery_parts delivering;
    notify::manage_webhooks manage_webhooks;
    notify::sealed_secrets webhook_secrets;
    std::unique_ptr<release_core> releases;
    std::unique_ptr<deploy_core> deploys;

private:
    struct opened_house;
    core(settings const& s, std::unique_ptr<ground> g, opened_house opened);

    bool closed_ = false;
};

}  // namespace pilothouse
