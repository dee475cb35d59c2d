// /projects/{project}/hooks
#pragma once

#include "server/gitlab/rest.hpp"
#include "server/gitlab/webhooks.hpp"

#include <string>
#include <utility>

namespace pilothouse::gitlab {

class webhook_handlers {
public:
    explicit webhook_handlers(webhook_uses uses) : uses_(std::move(uses)) {}
    [[nodiscard]] std::string const& base_path() const noexcept { return uses_.base_path; }

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result create(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result test(rest_request& r);
    [[nodiscard]] rest_result events(rest_request& r);
    [[nodiscard]] rest_result resend(rest_request& r);

private:
    webhook_uses uses_;
};

}  // namespace pilothouse::gitlab
