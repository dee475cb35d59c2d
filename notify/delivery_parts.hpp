// What delivering to webhooks is done with.
#pragma once

#include "auth/policy.hpp"
#include "base/clock.hpp"
#include "base/sealing.hpp"
#include "notify/hook_rest.hpp"
#include "notify/retry_plan.hpp"
#include "notify/sender.hpp"
#include "storage/audit_log.hpp"
#include "storage/directory.hpp"
#include "storage/environment_store.hpp"
#include "storage/operation_log.hpp"
#include "storage/service_store.hpp"
#include "storage/webhook_store.hpp"

namespace pilothouse::notify {

// All outlive whoever has it.
struct delivery_parts {
    storage::webhook_store& hooks;
    storage::delivery_log& deliveries;
    storage::operation_log& operations;
    storage::deployment_log& deployments;
    storage::service_store& services;
    storage::environment_store& environments;
    storage::project_store& projects;
    storage::user_store& users;
    storage::audit_log& audit;
    auth::policy& policy;
    key_ring const& keys;
    notify::sender& sender;
    clock const& time;
    retry_plan plan;
    rest_plan rest;
};

}  // namespace pilothouse::notify
