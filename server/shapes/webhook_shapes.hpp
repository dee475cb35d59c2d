// Webhooks and their deliveries as JSON, for every door that shows them; GitLab's words where it
// has them.
#pragma once

#include "storage/webhook_store.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string_view>

namespace pilothouse::shapes {

// Without its secret.
[[nodiscard]] boost::json::object shape_of(storage::webhook_record const& h);
// `url`: the webhook's.
[[nodiscard]] boost::json::object shape_of(storage::delivery_record const& d, std::string_view url);

// GitLab's: `executable`, `temporarily_disabled` (until something is taken), `disabled`.
[[nodiscard]] std::string_view alert_status_of(storage::webhook_record const& h) noexcept;

// `push_events`, `promotion_events`, `deployment_events`.
[[nodiscard]] std::string_view trigger_of(storage::occasion what) noexcept;
[[nodiscard]] std::optional<storage::occasion> occasion_of(std::string_view trigger) noexcept;

}  // namespace pilothouse::shapes
