// The door to the webhooks of projects, in the shape of GitLab's.
#pragma once

#include "notify/manage_webhooks.hpp"
#include "server/http/route.hpp"

#include <string>

namespace pilothouse::gitlab {

// All outlive the door.
struct webhook_uses {
    notify::manage_webhooks& hooks;
    std::string base_path;
};

[[nodiscard]] http::door webhook_door(webhook_uses uses);

}  // namespace pilothouse::gitlab
