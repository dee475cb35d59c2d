#include "deploy/deploy_services.hpp"

#include "deploy/begin_deployment.hpp"
#include "deploy/difference_text.hpp"
#include "deploy/lined_up.hpp"
#include "deploy/order.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::deploy {

namespace {

using storage::deployment_kind;
using storage::deployment_record;

failure nothing_under_way() { return {errc::wrong_state, "nothing of this service is under way"}; }

// As it is, where nothing is under way. errc::busy.
task<result<service_view>> at_rest(deploy_parts const& parts, service_access const& a) {
    PILOTHOUSE_CO_TRY(auto view, co_await look_at(parts, a.service));
    if (is_under_way(view.status.state)) co_return in_progress();
    co_return view;
}

// The same, where something is installed. errc::wrong_state.
task<result<service_view>> installed_at_rest(deploy_parts const& parts, service_access const& a) {
    PILOTHOUSE_CO_TRY(auto view, co_await at_rest(parts, a));
    if (!view.release) co_return failure(errc::wrong_state, "nothing of this service is installed");
    co_return view;
}

bool is_busy(service_view const& view) noexcept {
    return view.operation && view.operation->state != storage::operation_state::done;
}

task<result<std::vector<release::object_difference>>> differences(deploy_parts const& parts,
                                                                  service_access const& a,
                                                                  service_view const& view,
                                                                  order const& o) {
    if (view.release) {
        auto wanted = update_of(view.release->id, o);
        co_return co_await parts.diff.update(*a.on_cluster, std::move(wanted));
    }
    auto wanted = install_of(a, view.service, o);
    co_return co_await parts.diff.install(*a.on_cluster, std::move(wanted));
}

}  // namespace

task<result<service_view>> deploy_services::look(service_access const& a) {
    a.expect(environment_right::see);
    co_return co_await look_at(parts_, a.service);
}

task<result<std::vector<service_view>>> deploy_services::look(environment_access const& a) {
    a.expect(environment_right::see);
    co_return co_await look_at_all(parts_, a.environment.id);
}

task<std::vector<deployment_record>> deploy_services::history(service_access const& a,
                                                              std::size_t count) {
    a.expect(environment_right::see);
    auto const looked = co_await look_at(parts_, a.service);
    if (!looked) co_return std::vector<deployment_record>();
    co_return co_await parts_.deployments.list(a.service.id, count);
}

task<result<deployment_record>> deploy_services::deployment(service_access const& a,
                                                            std::string uuid) {
    a.expect(environment_right::see);
    PILOTHOUSE_CO_TRY(auto found, co_await parts_.deployments.find(std::move(uuid)));
    if (found.service != a.service.id)
        co_return failure(errc::not_found, "there is no such deployment");
    co_return found;
}

task<result<service_view>> deploy_services::deploy(service_access const& a, std::string version) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto view, co_await look_at(parts_, a.service));
    if (is_under_way(view.status.state))
        co_return co_await line_up(parts_, a, view, std::move(version));
    auto begun = co_await begin_deploy(parts_, a, view, version);
    bool const late = !begun && begun.error().code == errc::busy && parts_.waiting_max > 0;
    if (!late) co_return begun;
    // Behind whoever was quicker, if that is not over by now.
    PILOTHOUSE_CO_TRY(view, co_await look_at(parts_, a.service));
    if (!is_under_way(view.status.state)) co_return begun;
    co_return co_await line_up(parts_, a, view, std::move(version));
}

task<result<void>> deploy_services::begin_waiting(service_access const& a) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await look_at(parts_, a.service));
    if (is_busy(view) || view.beginning || view.lined_up.empty()) co_return result<void>();
    co_return co_await begin_lined_up(parts_, a, view, view.lined_up.front());
}

task<result<deployment_record>> deploy_services::dry_run(service_access const& a,
                                                         std::string version) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await at_rest(parts_, a));
    PILOTHOUSE_CO_TRY(auto const wanted,
                      co_await order_of(parts_, a, view.service, std::move(version)));
    // What refuses the chart is the request's; what the cluster refuses behind that is not.
    auto const good = co_await check_deploy(parts_, a, view, wanted.chart.version);
    if (!good) co_return good.error();
    auto d = new_deployment(parts_, a, view.service, deployment_kind::dry_run);
    d.chart = wanted.configured.chart;
    d.version = wanted.chart.version;
    d.started = d.created;
    auto const found = co_await differences(parts_, a, view, wanted);
    if (!found && found.error().code == errc::not_found) co_return in_progress();
    if (!found) co_return found.error();
    d.finished = parts_.below.time.now();
    d.outcome = storage::deployment_outcome::success;
    bool const starts = view.release && view.release->stopped;
    d.result = difference_text(*found, starts ? &*view.release : nullptr);
    co_return co_await parts_.deployments.add(std::move(d));
}

task<result<std::optional<service_view>>> deploy_services::uninstall(service_access const& a) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await at_rest(parts_, a));
    if (!view.release) co_return std::nullopt;
    auto const begun = co_await begin_on_release(parts_, a, view, deployment_kind::uninstall);
    if (!begun) co_return begun.error();
    PILOTHOUSE_CO_TRY(auto after, co_await look_at(parts_, view.service));
    co_return std::optional(std::move(after));
}

task<result<service_view>> deploy_services::stop(service_access const& a) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await installed_at_rest(parts_, a));
    if (view.status.state == service_state::stopped)
        co_return failure(errc::wrong_state, "the service is stopped already");
    auto const begun = co_await begin_on_release(parts_, a, view, deployment_kind::stop);
    if (!begun) co_return begun.error();
    co_return co_await look_at(parts_, view.service);
}

task<result<service_view>> deploy_services::restart(service_access const& a) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await installed_at_rest(parts_, a));
    auto const begun = co_await begin_on_release(parts_, a, view, deployment_kind::restart);
    if (!begun) co_return begun.error();
    co_return co_await look_at(parts_, view.service);
}

task<result<void>> deploy_services::remove(service_access const& a, bool leave_release) {
    a.expect(environment_right::manage);
    PILOTHOUSE_CO_TRY(auto const view, co_await at_rest(parts_, a));
    auto removed = result<void>();
    if (!view.release || leave_release)
        removed = co_await parts_.services.remove(view.service.id);
    else
        removed = co_await begin_on_release(parts_, a, view, deployment_kind::remove);
    if (!removed) co_return removed.error();
    auth::audited const what{"HelmService", view.service.id.value, view.service.name};
    co_await parts_.below.audit.note(a.in_project, "helm_service_removed", what,
                                     a.environment.name);
    co_return result<void>();
}

task<result<service_view>> deploy_services::cancel(service_access const& a) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await look_at(parts_, a.service));
    if (view.beginning && !is_busy(view)) co_return in_progress();  // in a moment there is one
    if (!is_busy(view) && view.lined_up.empty()) co_return nothing_under_way();
    for (auto const& waiting : view.lined_up) {
        auto const given_up = co_await leave_line(parts_, waiting);
        if (!given_up && given_up.error().code != errc::wrong_state) co_return given_up.error();
    }
    if (is_busy(view)) {
        auto const cancelled = co_await parts_.read.cancel(*a.on_cluster, view.operation->id);
        if (!cancelled) co_return cancelled.error();
    }
    co_return co_await look_at(parts_, view.service);
}

task<result<service_view>> deploy_services::cancel(service_access const& a,
                                                   std::string deployment) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const view, co_await look_at(parts_, a.service));
    auto const waiting = std::ranges::find(view.lined_up, deployment, &deployment_record::uuid);
    if (waiting != view.lined_up.end()) {
        auto const given_up = co_await leave_line(parts_, *waiting);
        if (!given_up) co_return given_up.error();
    } else {
        bool const runs = is_busy(view) && view.last && view.last->uuid == deployment &&
                          view.last->operation == view.operation->id;
        if (!runs) co_return nothing_under_way();
        auto const cancelled = co_await parts_.read.cancel(*a.on_cluster, view.operation->id);
        if (!cancelled) co_return cancelled.error();
    }
    co_return co_await look_at(parts_, view.service);
}

}  // namespace pilothouse::deploy
