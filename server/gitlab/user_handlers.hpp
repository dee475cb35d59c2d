// /version, /metadata, /user, /users
#pragma once

#include "server/gitlab/administration.hpp"

namespace pilothouse::gitlab {

class user_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result version(rest_request& r);
    [[nodiscard]] rest_result metadata(rest_request& r);
    [[nodiscard]] rest_result me(rest_request& r);
    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result block(rest_request& r);
    [[nodiscard]] rest_result unblock(rest_request& r);

private:
    [[nodiscard]] task<result<storage::user_record>> named(rest_request& r);
};

}  // namespace pilothouse::gitlab
