// What environments and services stand on: groups, projects, clusters, channels; read only.
#pragma once

#include "server/qovery/request.hpp"

namespace pilothouse::qovery {

class place_handlers : public handlers {
public:
    using handlers::handlers;

    // Groups at the top.
    [[nodiscard]] answer organizations(request& r);
    [[nodiscard]] answer projects(request& r);
    [[nodiscard]] answer clusters(request& r);
    // Channels of the group's projects.
    [[nodiscard]] answer repositories(request& r);
    [[nodiscard]] answer repository_kinds(request& r);

private:
    // That the path names. errc::not_found
    [[nodiscard]] task<result<storage::group_record>> organization(request const& r);
    // In it, those that the caller sees.
    [[nodiscard]] task<std::vector<storage::project_record>> projects_in(
        request const& r, storage::group_id organization);
};

}  // namespace pilothouse::qovery
