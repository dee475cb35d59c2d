#include "deploy/service_status.hpp"

#include <array>
#include <cstddef>

namespace pilothouse::deploy {

namespace {

using storage::deployment_kind;
using storage::deployment_outcome;
using storage::operation_state;
using storage::release_status;
using state = service_state;

constexpr std::array<std::string_view, 20> state_names{
    "READY",         "DEPLOYMENT_QUEUED", "DEPLOYING",  "DEPLOYED",       "DEPLOYMENT_ERROR",
    "DELETE_QUEUED", "DELETING",          "DELETED",    "DELETE_ERROR",   "STOP_QUEUED",
    "STOPPING",      "STOPPED",           "STOP_ERROR", "RESTART_QUEUED", "RESTARTING",
    "RESTARTED",     "RESTART_ERROR",     "CANCELING",  "CANCELED",       "UNAVAILABLE",
};
constexpr std::array<std::string_view, 5> action_names{"UNKNOWN", "DEPLOY", "DELETE", "STOP",
                                                       "RESTART"};
constexpr std::array<std::string_view, 7> status_names{"NEVER", "QUEUED",    "ONGOING", "SUCCESS",
                                                       "ERROR", "CANCELING", "CANCELED"};
constexpr std::array<std::string_view, 3> freshness_names{"NEVER_DEPLOYED", "OUT_OF_DATE",
                                                          "UP_TO_DATE"};

template <class Names, class Value>
std::string_view named(Names const& names, Value value) noexcept {
    return names.at(static_cast<std::size_t>(value));
}

// What one action goes through.
struct stages {
    service_action action;
    state queued, ongoing, success, error;
};

constexpr stages stages_of(deployment_kind kind) noexcept {
    switch (kind) {
        case deployment_kind::uninstall:
        case deployment_kind::remove:
            return {service_action::delete_, state::delete_queued, state::deleting, state::deleted,
                    state::delete_error};
        case deployment_kind::stop:
            return {service_action::stop, state::stop_queued, state::stopping, state::stopped,
                    state::stop_error};
        case deployment_kind::restart:
            return {service_action::restart, state::restart_queued, state::restarting,
                    state::restarted, state::restart_error};
        case deployment_kind::deploy:
        case deployment_kind::dry_run: break;
    }
    return {service_action::deploy, state::deployment_queued, state::deploying, state::deployed,
            state::deployment_error};
}

deployment_kind kind_of(storage::operation_kind kind) noexcept {
    switch (kind) {
        case storage::operation_kind::uninstall: return deployment_kind::uninstall;
        case storage::operation_kind::stop: return deployment_kind::stop;
        case storage::operation_kind::restart: return deployment_kind::restart;
        case storage::operation_kind::install:
        case storage::operation_kind::update:
        case storage::operation_kind::rollback: break;
    }
    return deployment_kind::deploy;
}

bool is_ours(service_facts const& facts) noexcept {
    return facts.last && facts.operation && facts.last->operation == facts.operation->id;
}

// Which revision came of the configuration. A release below that began its history anew.
bool is_revision_known(service_facts const& facts) noexcept {
    return facts.deployed_revision != 0 && facts.deployed_revision <= facts.release->revision;
}

// Whether the release is at that revision. Where nobody knows, by the newest operation.
bool is_in_force(service_facts const& facts) noexcept {
    if (is_revision_known(facts)) return facts.release->revision == facts.deployed_revision;
    return !facts.operation || is_ours(facts) ||
           kind_of(facts.operation->kind) != deployment_kind::deploy;
}

freshness freshness_of(service_facts const& facts) noexcept {
    if (!facts.release || facts.deployed == 0) return freshness::never_deployed;
    if (facts.deployed != facts.configuration || facts.release->changed_elsewhere)
        return freshness::out_of_date;
    // Somebody updated it or rolled it back beside the configuration, or Helm rolled back.
    return is_in_force(facts) ? freshness::up_to_date : freshness::out_of_date;
}

// A deploy that changed nothing in the cluster leaves what was.
freshness freshness_after_failure(service_facts const& facts, deployment_kind kind) noexcept {
    if (!facts.release) return freshness::never_deployed;
    bool const untouched = kind == deployment_kind::deploy && is_revision_known(facts) &&
                           facts.release->status == release_status::deployed;
    return untouched ? freshness_of(facts) : freshness::out_of_date;
}

// Before there is an operation.
service_status status_at_begin(service_facts const& facts, deployment_kind kind) {
    auto const of = stages_of(kind);
    auto fresh = freshness_of(facts);
    if (kind == deployment_kind::deploy && fresh != freshness::never_deployed)
        fresh = freshness::out_of_date;
    return {of.queued, of.action, action_status::queued, fresh};
}

service_status status_under_way(service_facts const& facts, deployment_kind kind) {
    auto const& operation = *facts.operation;
    auto const of = stages_of(kind);
    service_status s{of.ongoing, of.action, action_status::ongoing, freshness_of(facts)};
    if (kind == deployment_kind::deploy)
        s.configuration = operation.kind == storage::operation_kind::install
                              ? freshness::never_deployed
                              : freshness::out_of_date;
    if (operation.state == operation_state::queued) {
        s.state = of.queued;
        s.how = action_status::queued;
    } else if (operation.state == operation_state::cancelling) {
        s.state = state::canceling;
        s.how = action_status::canceling;
    }
    return s;
}

service_status status_at_end(service_facts const& facts, deployment_kind kind,
                             deployment_outcome outcome) {
    auto const of = stages_of(kind);
    // A stop and a restart change nothing of what is deployed, however they end.
    bool const scales = kind == deployment_kind::stop || kind == deployment_kind::restart;
    auto const fresh = scales || outcome == deployment_outcome::success
                           ? freshness_of(facts)
                           : freshness_after_failure(facts, kind);
    if (outcome == deployment_outcome::success)
        return {of.success, of.action, action_status::success, fresh};
    if (outcome == deployment_outcome::cancelled)
        return {state::canceled, of.action, action_status::canceled, fresh};
    return {of.error, of.action, action_status::error, fresh};
}

deployment_outcome outcome_of(storage::operation_record const& operation) noexcept {
    if (!operation.error) return deployment_outcome::success;
    return operation.error->code == errc::cancelled ? deployment_outcome::cancelled
                                                    : deployment_outcome::error;
}

// What became of the release behind our back.
void look_at_release(service_facts const& facts, service_status& s) {
    bool const stays = s.state == state::stopped || s.state == state::restarted;
    if (!stays && s.state != state::deployed) return;
    if (!facts.release) {
        s = {state::deleted, service_action::delete_, action_status::success,
             freshness::never_deployed};
        return;
    }
    auto const now = facts.release->status;
    if (stays) return;  // whatever the release is: its workloads are as they were asked to be
    if (now == release_status::unknown) s.state = state::unavailable;
    if (now == release_status::failed || is_pending(now) || now == release_status::uninstalling) {
        s.state = state::deployment_error;
        s.how = action_status::error;
        s.configuration = freshness::out_of_date;
    }
}

}  // namespace

std::string_view name_of(service_state s) noexcept { return named(state_names, s); }
std::string_view name_of(service_action a) noexcept { return named(action_names, a); }
std::string_view name_of(action_status s) noexcept { return named(status_names, s); }
std::string_view name_of(freshness f) noexcept { return named(freshness_names, f); }

bool is_under_way(service_state s) noexcept {
    switch (s) {
        case state::deployment_queued:
        case state::deploying:
        case state::delete_queued:
        case state::deleting:
        case state::stop_queued:
        case state::stopping:
        case state::restart_queued:
        case state::restarting:
        case state::canceling: return true;
        default: return false;
    }
}

service_status status_of(service_facts const& facts) {
    service_status s;
    if (facts.operation) {
        // A removal is an uninstall to the engine.
        auto const kind = is_ours(facts) ? facts.last->kind : kind_of(facts.operation->kind);
        if (facts.operation->state != operation_state::done) return status_under_way(facts, kind);
        s = status_at_end(facts, kind, outcome_of(*facts.operation));
    } else if (facts.last) {
        s = status_at_end(facts, facts.last->kind, facts.last->outcome);
    } else if (facts.release) {
        s = status_at_end(facts, deployment_kind::deploy, deployment_outcome::success);
    }
    look_at_release(facts, s);
    if (facts.beginning) return status_at_begin(facts, *facts.beginning);
    if (!facts.lined_up) return s;
    return {state::deployment_queued, service_action::deploy, action_status::queued,
            s.configuration};
}

}  // namespace pilothouse::deploy
