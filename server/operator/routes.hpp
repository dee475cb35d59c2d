// The door for those who run the server: is it alive, is it ready, what does it measure.
#pragma once

#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "server/http/route.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace pilothouse::operators {

struct operator_parts {
    metrics::registry& metrics;
    // Success when the server can do its work; else the reason.
    std::function<task<result<void>>()> ready;
    std::string_view version;
    std::string base_path;
};

// `open_metrics`: whoever reaches the address may read /metrics (its own listener); else
// administrators only.
[[nodiscard]] http::door operator_door(operator_parts parts, bool open_metrics);

}  // namespace pilothouse::operators
