// /groups and /projects
#pragma once

#include "server/gitlab/administration.hpp"

namespace pilothouse::gitlab {

class group_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result projects(rest_request& r);
    [[nodiscard]] rest_result subgroups(rest_request& r);
    [[nodiscard]] rest_result descendants(rest_request& r);

private:
    [[nodiscard]] task<http::response> one(rest_request& r, unsigned status,
                                           storage::group_record group);
    [[nodiscard]] rest_result below(rest_request& r, bool children_alone);
};

class project_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result archive(rest_request& r);
    [[nodiscard]] rest_result unarchive(rest_request& r);

private:
    [[nodiscard]] rest_result changed(rest_request& r, unsigned status,
                                      registry::project_changes changes);
};

}  // namespace pilothouse::gitlab
