#include "server/qovery/shapes.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <optional>
#include <utility>

namespace pilothouse::qovery {

namespace {

using deploy::freshness;
using deploy::service_state;
using deploy::service_view;

// When what was asked for began and ended, as far as anybody knows.
struct times {
    instant asked;
    std::optional<instant> began, ended;
};

std::optional<times> times_of(service_view const& v) {
    if (!v.last) return std::nullopt;
    times t{v.last->created, v.last->started, v.last->finished};
    if (v.operation && v.operation->id == v.last->operation) {
        if (!t.began) t.began = v.operation->started;
        if (!t.ended) t.ended = v.operation->finished;
    }
    return t;
}

std::int64_t seconds_between(instant from, instant to) {
    return std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::seconds>(to - from).count());
}

json::object step(std::string_view name, std::string_view status, std::int64_t seconds) {
    return {{"step_name", name}, {"status", status}, {"duration_sec", seconds}};
}

// Of the deployment itself, whatever came after it.
std::string_view step_status(service_view const& v) {
    using storage::deployment_outcome;
    auto outcome = v.last->outcome;
    bool const just_ended = outcome == deployment_outcome::none && v.operation &&
                            v.operation->id == v.last->operation && v.operation->error;
    if (just_ended)
        outcome = v.operation->error->code == errc::cancelled ? deployment_outcome::cancelled
                                                              : deployment_outcome::error;
    if (outcome == deployment_outcome::cancelled) return "CANCEL";
    return outcome == deployment_outcome::error ? "ERROR" : "SUCCESS";
}

json::value steps_shape(service_view const& v) {
    auto const t = times_of(v);
    if (!t) return nullptr;
    json::array details;
    json::value total = nullptr;
    std::int64_t computing = 0;
    // A step is told of when it is over: there is no word for one that runs.
    auto const waited_until = t->began ? t->began : t->ended;
    if (waited_until)
        details.push_back(step("DEPLOYMENT_QUEUEING", t->began ? "SUCCESS" : "CANCEL",
                               seconds_between(t->asked, *waited_until)));
    if (t->ended) {
        total = seconds_between(t->asked, *t->ended);
        if (t->began) {
            computing = seconds_between(*t->began, *t->ended);
            details.push_back(step("DEPLOYMENT", step_status(v), computing));
        }
    }
    return json::object{{"total_duration_sec", std::move(total)},
                        {"total_computing_duration_sec", computing},
                        {"details", std::move(details)}};
}

json::object details_shape(deploy::service_status const& s) {
    return {{"action", name_of(s.action)}, {"status", name_of(s.how)}, {"sub_action", "NONE"}};
}

json::value time_or_null(std::optional<instant> const& t) {
    if (!t) return nullptr;
    return json::value(time_text(*t));
}

bool is_error(service_state s) noexcept {
    return s == service_state::deployment_error || s == service_state::delete_error ||
           s == service_state::stop_error || s == service_state::restart_error;
}

// The services whose last deployments overlap in time with the newest of all: what was asked of an
// environment at once.
std::vector<service_view const*> last_together(std::vector<service_view> const& all) {
    std::vector<service_view const*> some;
    for (auto const& v : all)
        if (v.last) some.push_back(&v);
    if (some.empty()) return some;
    std::ranges::sort(
        some, [](auto const* a, auto const* b) { return a->last->created > b->last->created; });
    auto const newest = some.front()->last->created;
    std::erase_if(some, [newest](auto const* v) {
        auto const ended = times_of(*v)->ended;
        return ended && *ended < newest;
    });
    return some;
}

// One for all: what still happens, else what went wrong, else the newest.
service_view const* spokesman(std::vector<service_view const*> const& some) {
    if (some.empty()) return nullptr;
    auto const first = [&some](auto fits) -> service_view const* {
        auto const found = std::ranges::find_if(some, fits);
        return found == some.end() ? nullptr : *found;
    };
    if (auto const* v = first([](auto const* s) { return is_under_way(s->status.state); }))
        return v;
    if (auto const* v = first([](auto const* s) { return is_error(s->status.state); })) return v;
    return some.front();
}

freshness freshness_of(std::vector<service_view> const& all) {
    bool all_never = true, all_fresh = !all.empty();
    for (auto const& v : all) {
        all_never = all_never && v.status.configuration == freshness::never_deployed;
        all_fresh = all_fresh && v.status.configuration == freshness::up_to_date;
    }
    if (all_never) return freshness::never_deployed;
    return all_fresh ? freshness::up_to_date : freshness::out_of_date;
}

json::value id_under_way(service_view const& v) {
    if (!v.asked.empty()) return json::value(v.asked);
    bool const runs = v.last && v.operation && v.operation->id == v.last->operation &&
                      v.operation->state != storage::operation_state::done;
    if (runs) return json::value(v.last->uuid);
    // Its turn comes next.
    if (!v.lined_up.empty()) return json::value(v.lined_up.front().uuid);
    return nullptr;
}

}  // namespace

json::object status_shape(service_view const& v) {
    auto const t = times_of(v);
    std::optional<instant> when;
    if (t) when = t->ended ? t->ended : t->asked;
    json::object o{{"id", v.service.uuid},
                   {"state", name_of(v.status.state)},
                   {"service_deployment_status", name_of(v.status.configuration)},
                   {"last_deployment_date", time_or_null(when)},
                   {"is_part_last_deployment", v.last.has_value()},
                   {"steps", steps_shape(v)},
                   {"status_details", details_shape(v.status)},
                   {"deployment_request_id", id_under_way(v)},
                   {"deployment_requests_count", v.waiting}};
    if (v.last) o["execution_id"] = v.last->uuid;
    return o;
}

json::object dry_run_shape(service_view const& v, storage::deployment_record const& run) {
    auto o = status_shape(v);
    // In this answer alone: it is done by now, and the service is as it was.
    o["state"] = "EXECUTING";
    o["status_details"] =
        json::object{{"action", "DEPLOY"}, {"status", "EXECUTING"}, {"sub_action", "NONE"}};
    o["deployment_request_id"] = run.uuid;
    o["execution_id"] = run.uuid;
    return o;
}

json::object environment_status_shape(std::string const& uuid,
                                      std::vector<service_view> const& all) {
    auto const together = last_together(all);
    auto const* const last = spokesman(together);
    // Whatever went wrong stays the environment's state; its last deployment may have gone well.
    std::vector<service_view const*> everyone = together;
    for (auto const& v : all)
        if (std::ranges::find(everyone, &v) == everyone.end() && v.last) everyone.push_back(&v);
    auto const* const worst = spokesman(everyone);
    json::value date = nullptr, id = nullptr, by = nullptr, origin = nullptr, request = nullptr,
                seconds = nullptr;
    if (last != nullptr) {
        auto const t = *times_of(*last);
        date = time_text(t.ended.value_or(t.asked));
        id = last->last->uuid;
        by = last->last->by_name;
        origin = "API";
        request = id_under_way(*last);
        if (t.ended) seconds = seconds_between(t.asked, *t.ended);
    }
    auto const state_of = [](service_view const* v) {
        return name_of(v == nullptr ? service_state::ready : v->status.state);
    };
    return {{"id", uuid},
            {"state", state_of(worst)},
            {"last_deployment_date", std::move(date)},
            {"last_deployment_state", state_of(last)},
            {"last_deployment_id", std::move(id)},
            {"total_deployment_duration_in_seconds", std::move(seconds)},
            {"origin", std::move(origin)},
            {"triggered_by", std::move(by)},
            {"deployment_status", name_of(freshness_of(all))},
            {"deployment_request_id", std::move(request)},
            {"metrics", nullptr}};
}

json::object statuses_shape(std::string const& uuid, std::vector<service_view> const& all) {
    json::array helms;
    for (auto const& v : all) helms.push_back(status_shape(v));
    return {{"environment", environment_status_shape(uuid, all)},
            {"applications", json::array()},
            {"containers", json::array()},
            {"jobs", json::array()},
            {"databases", json::array()},
            {"helms", std::move(helms)},
            {"terraforms", json::array()},
            {"agentic_workflows", json::array()}};
}

json::object deployed_environment_shape(std::string const& uuid,
                                        std::vector<service_view> const& all) {
    auto o = environment_status_shape(uuid, all);
    auto const* const last = spokesman(last_together(all));
    o["service_deployment_status"] = o["deployment_status"];
    o["is_part_last_deployment"] = last != nullptr;
    o["status_details"] = details_shape(last == nullptr ? deploy::service_status() : last->status);
    std::size_t waiting = 0;
    for (auto const& v : all) waiting += v.waiting;
    o["deployment_requests_count"] = waiting;
    return o;
}

}  // namespace pilothouse::qovery
