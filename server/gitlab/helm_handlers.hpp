// The handlers behind GitLab's Helm routes.
#pragma once

#include "chart/chart_name.hpp"
#include "server/gitlab/routes.hpp"
#include "server/http/exchange.hpp"
#include "server/http/response.hpp"

#include <string>

namespace pilothouse::gitlab {

// The parameter after `project` names a channel, and a legal one (contracts: gitlab V1); the second
// takes a view of one too.
[[nodiscard]] result<void> legal_channel(http::exchange const& x);
[[nodiscard]] result<void> legal_channel_or_view(http::exchange const& x);

// Thread-safe.
class helm_handlers {
public:
    explicit helm_handlers(helm_use_cases uses) : uses_(std::move(uses)) {}

    [[nodiscard]] task<http::response> index(http::exchange& x);
    [[nodiscard]] task<http::response> download(http::exchange& x);
    [[nodiscard]] task<http::response> upload(http::exchange& x);
    // GitLab's front proxy asks here before an upload, with its signature (contracts: gitlab R4).
    [[nodiscard]] task<http::response> for_the_proxy(http::exchange& x);

private:
    [[nodiscard]] std::string context_path(http::exchange const& x) const;

    helm_use_cases uses_;
};

}  // namespace pilothouse::gitlab
