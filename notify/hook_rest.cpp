#include "notify/hook_rest.hpp"

#include <algorithm>

namespace pilothouse::notify {

using storage::webhook_record;

hook_turn note_attempt(webhook_record& hook, bool taken, rest_plan const& plan, instant now) {
    if (taken) return forgive(hook);
    bool const rests = hook.disabled_until && *hook.disabled_until > now;
    if (!hook.enabled || rests) return hook_turn::none;
    ++hook.failures;
    if (hook.failures < plan.failures_before_rest) return hook_turn::none;
    if (hook.failures >= plan.failures_max) {
        hook.enabled = false;
        hook.disabled_until.reset();
        return hook_turn::switched_off;
    }
    auto pause = std::min(plan.first, plan.longest);
    for (int n = plan.failures_before_rest; n < hook.failures; ++n)
        pause = std::min(pause * 2, plan.longest);
    bool const again = hook.disabled_until.has_value();
    hook.disabled_until = now + pause;
    return again ? hook_turn::rests_longer : hook_turn::rests;
}

hook_turn forgive(webhook_record& hook) {
    bool const was_off = hook.disabled_until || storage::has_given_up(hook);
    if (storage::has_given_up(hook)) hook.enabled = true;
    hook.failures = 0;
    hook.disabled_until.reset();
    return was_off ? hook_turn::recovered : hook_turn::none;
}

bool is_doubtful(webhook_record const& hook, rest_plan const& plan) noexcept {
    return hook.failures >= plan.failures_before_rest;
}

}  // namespace pilothouse::notify
