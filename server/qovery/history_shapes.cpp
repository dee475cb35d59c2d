#include "server/qovery/history_shapes.hpp"

#include "server/qovery/shapes.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace pilothouse::qovery {

namespace {

using deploy::action_status;
using deploy::service_action;
using deploy::service_state;
using storage::deployment_kind;
using storage::deployment_outcome;

struct words_of_kind {
    std::string_view trigger;
    service_action action;
    service_state well, wrong;
};

words_of_kind words_of(deployment_kind kind) noexcept {
    switch (kind) {
        case deployment_kind::dry_run:
            return {"DEPLOY_DRY_RUN", service_action::deploy, service_state::ready,
                    service_state::deployment_error};
        case deployment_kind::uninstall:
            return {"UNINSTALL", service_action::delete_, service_state::deleted,
                    service_state::delete_error};
        case deployment_kind::remove:
            return {"DELETE", service_action::delete_, service_state::deleted,
                    service_state::delete_error};
        case deployment_kind::stop:
            return {"STOP", service_action::stop, service_state::stopped,
                    service_state::stop_error};
        case deployment_kind::restart:
            return {"RESTART", service_action::restart, service_state::restarted,
                    service_state::restart_error};
        case deployment_kind::deploy: break;
    }
    return {"DEPLOY", service_action::deploy, service_state::deployed,
            service_state::deployment_error};
}

bool waits(past_deployment const& d) {
    return std::ranges::find(d.of.lined_up, d.asked.uuid, &storage::deployment_record::uuid) !=
           d.of.lined_up.end();
}

bool is_last(past_deployment const& d) { return d.of.last && d.of.last->uuid == d.asked.uuid; }

std::optional<instant> end_of(past_deployment const& d) {
    if (d.asked.finished) return d.asked.finished;
    if (is_last(d) && d.of.operation && d.of.operation->id == d.asked.operation)
        return d.of.operation->finished;
    return std::nullopt;
}

// By its own operation, whatever else is asked of the service, and through whichever door.
deploy::service_status status_while_open(past_deployment const& d) {
    auto facts = deploy::facts_of(d.of);
    facts.lined_up = false;
    bool const its_own = is_last(d) && d.of.operation && d.of.operation->id == d.asked.operation;
    facts.beginning.reset();
    if (!its_own) {  // there is none yet
        facts.operation.reset();
        facts.beginning = d.asked.kind;
    }
    return deploy::status_of(facts);
}

// ISO 8601: `PT12S`.
std::string duration_text(past_deployment const& d) {
    auto const end = end_of(d);
    auto const took = end ? *end - d.asked.created : instant::duration::zero();
    auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(took).count();
    return "PT" + std::to_string(seconds < 0 ? 0 : seconds) + "S";
}

std::string updated_text(past_deployment const& d) {
    return time_text(end_of(d).value_or(d.asked.started.value_or(d.asked.created)));
}

json::object repository_shape(past_deployment const& d) {
    return {{"chart_name", d.asked.chart}, {"chart_version", d.asked.version}};
}

json::object auditing_shape(past_deployment const& d) {
    return {{"created_at", time_text(d.asked.created)},
            {"updated_at", updated_text(d)},
            {"triggered_by", d.asked.by_name},
            {"origin", "API"}};
}

std::string_view stage_word(action_status how) {
    switch (how) {
        case action_status::queued: return "QUEUED";
        case action_status::error: return "ERROR";
        case action_status::canceled: return "CANCELED";
        case action_status::success: return "DONE";
        case action_status::never: return "SKIPPED";
        default: return "ONGOING";
    }
}

std::string text_in(json::object const& o, std::string_view name) {
    auto const* const v = o.if_contains(name);
    return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}

}  // namespace

deploy::service_status status_of(past_deployment const& d) {
    if (waits(d))
        return {service_state::deployment_queued, service_action::deploy, action_status::queued,
                d.of.status.configuration};
    if (d.asked.outcome == deployment_outcome::none && d.asked.kind != deployment_kind::dry_run)
        return status_while_open(d);
    auto const words = words_of(d.asked.kind);
    deploy::service_status s;
    s.action = words.action;
    s.configuration = d.of.status.configuration;
    switch (d.asked.outcome) {
        case deployment_outcome::success:
            s.state = words.well;
            s.how = action_status::success;
            break;
        case deployment_outcome::cancelled:
            s.state = service_state::canceled;
            s.how = action_status::canceled;
            break;
        case deployment_outcome::none:  // a dry run, which lasts as long as its request
        case deployment_outcome::error:
            s.state = words.wrong;
            s.how = action_status::error;
            break;
    }
    return s;
}

json::object history_shape(std::size_t page_size, json::array results) {
    return {{"page", 1}, {"page_size", page_size}, {"results", std::move(results)}};
}

json::object service_history_row(past_deployment const& d) {
    return {{"id", d.asked.uuid},
            {"created_at", time_text(d.asked.created)},
            {"updated_at", updated_text(d)},
            {"name", d.of.service.name},
            {"status", name_of(status_of(d).state)},
            {"commit", nullptr},
            {"repository", repository_shape(d)}};
}

json::object service_history_row_v2(past_deployment const& d) {
    auto const status = status_of(d);
    return {{"identifier", json::object{{"name", d.of.service.name},
                                        {"service_id", d.of.service.uuid},
                                        {"service_type", "HELM"},
                                        {"execution_id", d.asked.uuid}}},
            {"status", name_of(status.state)},
            {"auditing_data", auditing_shape(d)},
            // With another key it would be one of the other shapes, too.
            {"details", json::object{{"repository", repository_shape(d)}}},
            {"status_details", json::object{{"action", name_of(status.action)},
                                            {"status", name_of(status.how)},
                                            {"sub_action", "NONE"}}},
            {"icon_uri", ""},
            {"total_duration", duration_text(d)}};
}

json::object environment_history_row(past_deployment const& d) {
    return {{"id", d.asked.uuid},
            {"created_at", time_text(d.asked.created)},
            {"updated_at", updated_text(d)},
            {"status", name_of(status_of(d).state)},
            {"origin", "API"},
            {"triggered_by", d.asked.by_name},
            {"applications", json::array()},
            {"containers", json::array()},
            {"databases", json::array()},
            {"jobs", json::array()},
            {"helms", json::array{service_history_row(d)}}};
}

json::object environment_history_row_v2(past_deployment const& d, std::string const& environment) {
    auto const status = status_of(d);
    json::array stages{json::object{{"name", "HELM"},
                                    {"status", stage_word(status.how)},
                                    {"duration", duration_text(d)},
                                    {"services", json::array{service_history_row_v2(d)}}}};
    return {{"identifier",
             json::object{{"execution_id", d.asked.uuid}, {"environment_id", environment}}},
            {"auditing_data", auditing_shape(d)},
            {"status", name_of(status.state)},
            {"trigger_action", words_of(d.asked.kind).trigger},
            {"total_duration", duration_text(d)},
            {"stages", std::move(stages)},
            {"action_status", name_of(status.how)}};
}

std::string difference_text(std::string const& result) {
    boost::system::error_code bad;
    auto const read = json::parse(result, bad);
    std::string all;
    if (bad || !read.is_array()) return all;
    for (auto const& one : read.get_array()) {
        if (!one.is_object()) continue;
        auto const& o = one.get_object();
        if (auto const* const more = o.if_contains("more")) {
            all += "\n… and " + json::serialize(*more) + " more\n";
            continue;
        }
        auto const name_space = text_in(o, "namespace");
        if (!all.empty()) all += "\n";
        all += text_in(o, "change") + " " + text_in(o, "kind") + " ";
        if (!name_space.empty()) all += name_space + "/";
        all += text_in(o, "name") + "\n" + text_in(o, "text");
        if (!all.ends_with('\n')) all += "\n";
    }
    return all;
}

}  // namespace pilothouse::qovery
