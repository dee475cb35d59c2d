// Protection rules, limits of the plan, audit events.
#pragma once

#include "server/gitlab/administration.hpp"

namespace pilothouse::gitlab {

class protection_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
};

class instance_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result plan_limits(rest_request& r);
    [[nodiscard]] rest_result change_plan_limits(rest_request& r);
    [[nodiscard]] rest_result audit_events(rest_request& r);
    [[nodiscard]] rest_result audit_event(rest_request& r);  // of the whole server
    [[nodiscard]] rest_result audit_event_of_place(rest_request& r);
};

}  // namespace pilothouse::gitlab
