// Personal access tokens, access tokens of projects and groups, deploy tokens.
#pragma once

#include "server/gitlab/administration.hpp"

#include <optional>

namespace pilothouse::gitlab {

class personal_token_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result rotate(rest_request& r);
    [[nodiscard]] rest_result revoke(rest_request& r);
    // The token that the request carries.
    [[nodiscard]] rest_result show_self(rest_request& r);
    [[nodiscard]] rest_result rotate_self(rest_request& r);
    [[nodiscard]] rest_result revoke_self(rest_request& r);

private:
    [[nodiscard]] task<result<storage::token_record>> named(rest_request& r);
    [[nodiscard]] rest_result rotated(rest_request& r, storage::token_record old);
};

class access_token_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result rotate(rest_request& r);
    // The token that the request carries, in its own project or group.
    [[nodiscard]] rest_result rotate_self_of_project(rest_request& r);
    [[nodiscard]] rest_result rotate_self_of_group(rest_request& r);
    [[nodiscard]] rest_result revoke(rest_request& r);

private:
    [[nodiscard]] rest_result rotate_self(rest_request& r, bool of_group);
};

class deploy_token_handlers : public handlers {
public:
    using handlers::handlers;

    [[nodiscard]] rest_result list_every(rest_request& r);
    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result revoke(rest_request& r);

private:
    [[nodiscard]] task<result<storage::token_record>> named(rest_request& r);
};

}  // namespace pilothouse::gitlab
