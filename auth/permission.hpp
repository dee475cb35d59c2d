// What can be permitted, and of which kind of place.
#pragma once

#include <cstdint>

namespace pilothouse::auth {

enum class permission : std::uint8_t {
    // In a project, of its charts.
    read_chart,  // index, archives, provenance
    push_chart,  // new versions, and other content under old ones where the project allows it
    remove_chart,
    // In a project, of the project itself.
    read_project,  // that it is there, and whose
    edit_project,  // settings, members, tokens, protection rules
    own_project,   // visibility, archiving, removal
    // In a group.
    read_group,
    fill_group,    // to make projects in it
    manage_group,  // to make groups in it, and see its tokens
    own_group,     // everything else
    // In a cluster, or what owns it.
    see_cluster,     // it, its releases and operations
    use_cluster,     // to install, update, roll back and uninstall there
    manage_cluster,  // how it is reached, and who may use it
    // Of the whole server.
    browse,        // what one may see anyway: anonymous callers too
    be_somebody,   // to look at one's own account and tokens, and at other people
    be_oneself,    // to change one's own tokens, and ask for places
    hold_token,    // of the very token that is shown, whatever its scopes
    rotate_token,  // the same, for a new one in its place
    administer,    // users, settings, everything
};

enum class place_kind : std::uint8_t { project, group, cluster, server };

[[nodiscard]] constexpr place_kind place_of(permission p) noexcept {
    if (p <= permission::own_project) return place_kind::project;
    if (p <= permission::own_group) return place_kind::group;
    return p <= permission::manage_cluster ? place_kind::cluster : place_kind::server;
}

// What the tokens of places (deploy tokens, job tokens) may be used for.
[[nodiscard]] constexpr bool concerns_charts(permission p) noexcept {
    return p <= permission::remove_chart;
}

[[nodiscard]] constexpr bool only_reads(permission p) noexcept {
    return p == permission::read_chart || p == permission::read_project ||
           p == permission::read_group || p == permission::see_cluster || p == permission::browse ||
           p == permission::be_somebody;
}

}  // namespace pilothouse::auth
