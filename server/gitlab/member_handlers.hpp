// /groups/:id/members and /projects/:id/members
#pragma once

#include "server/gitlab/administration.hpp"

#include <string>
#include <vector>

namespace pilothouse::gitlab {

class member_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result list_all(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result show_effective(rest_request& r);
    [[nodiscard]] rest_result add(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);

private:
    [[nodiscard]] rest_result listed(rest_request& r, bool inherited);
    // `user`: a number, or a name.
    [[nodiscard]] task<result<storage::member_record>> add_one(rest_request& r, std::string user,
                                                               bool by_number,
                                                               registry::manage_members::wanted w);
    [[nodiscard]] rest_result add_several(rest_request& r, std::vector<std::string> users,
                                          bool by_number, registry::manage_members::wanted w);
    [[nodiscard]] task<result<auth::grant>> to_remove(rest_request& r, storage::user_id user);
};

}  // namespace pilothouse::gitlab
