#include "deploy/begin_deployment.hpp"

#include "base/uuid.hpp"
#include "deploy/begun_operation.hpp"
#include "deploy/order.hpp"
#include "release/judged_request.hpp"

#include <utility>

namespace pilothouse::deploy {

namespace {

using storage::deployment_kind;
using storage::deployment_outcome;
using storage::deployment_record;
using storage::service_record;

// A chart that cannot be installed is what was asked for, not a moment that passes.
failure worded(failure why) {
    if (why.code == errc::wrong_state) why.code = errc::invalid_argument;
    return why;
}

failure name_taken(service_access const& a, service_record const& service) {
    auto const& e = a.environment;
    auto const place = e.cluster_name + "/" + e.name_space + "/" + service.release_name;
    return {errc::conflict, "a release called " + service.release_name + " is in the namespace " +
                                e.name_space +
                                " already, and is not this service's: uninstall it (pilothouse "
                                "release uninstall " +
                                place + "), or make a service of another name"};
}

// In the words of whoever asked for a deploy of what was so at `view`.
task<failure> refusal(deploy_parts const& parts, service_access const& a, service_view const& view,
                      failure why) {
    if (why.code == errc::busy) co_return in_progress();
    if (why.code != errc::conflict && why.code != errc::not_found) co_return worded(std::move(why));
    // The release went, or somebody was quicker; or somebody else's has the name.
    auto const now = co_await look_at(parts, view.service);
    if (!now) co_return now.error();
    bool const moved = now->release.has_value() != view.release.has_value();
    // What is only being begun may be this one, which has no operation and so is not `last`.
    bool const open = now->last && now->last->outcome == deployment_outcome::none;
    auto const& newest = now->operation;
    bool const runs = newest && newest->state != storage::operation_state::done;
    if (moved || open || runs) co_return in_progress();
    if (why.code == errc::conflict) co_return name_taken(a, view.service);
    why.code = errc::invalid_argument;  // the version went; not_found is the service's
    co_return why;
}

task<result<storage::begun>> begin(deploy_parts const& parts, service_access const& a,
                                   service_view const& view, order const& o,
                                   std::string operation) {
    if (view.release) {
        auto wanted = update_of(view.release->id, o);
        wanted.operation = std::move(operation);
        auto begun = co_await parts.change.update(*a.on_cluster, std::move(wanted));
        if (!begun) co_return co_await refusal(parts, a, view, begun.error());
        co_return begun;
    }
    auto wanted = install_of(a, view.service, o);
    wanted.operation = std::move(operation);
    auto begun = co_await parts.change.install(*a.on_cluster, std::move(wanted));
    if (!begun) co_return co_await refusal(parts, a, view, begun.error());
    co_return begun;
}

// Where the service was removed meanwhile, nothing of it is to stay.
task<result<noted_deploy>> note_or_cancel(deploy_parts const& parts, service_access const& a,
                                          service_record const& service, begun_deploy begun,
                                          std::string operation) {
    auto noted = co_await note_deploy(parts, service.id, std::move(begun));
    if (!noted && noted.error().code == errc::not_found) {
        auto const cancelled = co_await parts.read.cancel(*a.on_cluster, std::move(operation));
        static_cast<void>(cancelled);
    }
    co_return noted;
}

// It says what refused it to whoever asked.
task<void> take_back(deploy_parts const& parts, std::string deployment) {
    auto const removed = co_await parts.deployments.remove(std::move(deployment));
    static_cast<void>(removed);  // else it is ended as never begun
}

task<result<storage::begun>> ask(deploy_parts const& parts, auth::grant const& g,
                                 deployment_kind kind, release::release_request wanted) {
    if (kind == deployment_kind::stop) co_return co_await parts.change.stop(g, std::move(wanted));
    if (kind == deployment_kind::restart)
        co_return co_await parts.change.restart(g, std::move(wanted));
    co_return co_await parts.change.uninstall(g, std::move(wanted));
}

// Whether somebody gave it up who was told so.
task<result<bool>> note_lined_up(deploy_parts const& parts, deployment_record const& d) {
    bool unwanted = false;
    auto const change = [&](deployment_record& to) -> result<void> {
        unwanted = to.outcome == deployment_outcome::cancelled;
        if (unwanted && d.operation.empty()) return {};
        to = d;
        return {};
    };
    auto const edited = co_await parts.deployments.edit(d.uuid, change);
    if (!edited) co_return edited.error();
    co_return unwanted;
}

}  // namespace

failure in_progress() { return {errc::busy, "Operation is in progress"}; }

deployment_record new_deployment(deploy_parts const& parts, service_access const& a,
                                 service_record const& service, deployment_kind kind) {
    deployment_record d;
    d.uuid = random_uuid();
    d.service = service.id;
    d.kind = kind;
    d.configuration = service.configuration;
    d.by = a.who().user;
    d.by_name = auth::author_of(a.in_project);
    d.created = parts.below.time.now();
    return d;
}

task<result<void>> check_name(deploy_parts const& parts, service_access const& a,
                              service_view const& view) {
    if (view.release) co_return result<void>();
    storage::release_filter same;
    same.cluster = a.environment.cluster;
    same.name_space = a.environment.name_space;
    same.name = view.service.release_name;
    storage::release_place const start;
    auto const there = co_await parts.below.releases.list(std::move(same), start, 1);
    if (!there.empty()) co_return name_taken(a, view.service);
    co_return result<void>();
}

task<result<void>> check_deploy(deploy_parts const& parts, service_access const& a,
                                service_view const& view, std::string version) {
    PILOTHOUSE_CO_TRY(auto const wanted,
                      co_await order_of(parts, a, view.service, std::move(version)));
    if (is_under_way(view.status.state)) co_return result<void>();
    if (view.release) {
        auto request = update_of(view.release->id, wanted);
        auto const judged =
            co_await release::judge_update(parts.below, *a.on_cluster, std::move(request));
        if (!judged) co_return worded(judged.error());
        co_return result<void>();
    }
    auto request = install_of(a, view.service, wanted);
    auto const judged =
        co_await release::judge_install(parts.below, *a.on_cluster, std::move(request));
    if (!judged) co_return worded(judged.error());
    co_return co_await check_name(parts, a, view);
}

task<result<service_view>> begin_deploy(deploy_parts const& parts, service_access const& a,
                                        service_view const& view, std::string version) {
    PILOTHOUSE_CO_TRY(auto const wanted, co_await order_of(parts, a, view.service, version));
    auto d = new_deployment(parts, a, view.service, deployment_kind::deploy);
    d.chart = wanted.configured.chart;
    // Until it is noted at the service the record says what was asked for, as one that waits does.
    d.version = wanted.pins ? version : wanted.chart.version;
    d.operation = operation_of(d.uuid);
    if (wanted.pins) ++d.configuration;
    beginnings::guard const beginning(*parts.beginning, d.uuid);
    auto const added = co_await parts.deployments.add(d);
    if (!added) co_return added.error();
    auto const begun = co_await begin(parts, a, view, wanted, d.operation);
    if (!begun) {
        co_await take_back(parts, d.uuid);
        co_return begun.error();
    }
    begun_deploy facts{begun->operation.release, view.service.configuration, wanted.pins,
                       std::move(version)};
    PILOTHOUSE_CO_TRY(
        auto noted, co_await note_or_cancel(parts, a, view.service, std::move(facts), d.operation));
    bool const edited_meanwhile = noted.configuration != d.configuration;
    if (edited_meanwhile || wanted.pins) {
        auto const change = [&](deployment_record& to) -> result<void> {
            to.configuration = noted.configuration;
            to.version = wanted.chart.version;
            return {};
        };
        auto const edited = co_await parts.deployments.edit(d.uuid, change);
        if (!edited) co_return edited.error();
    }
    PILOTHOUSE_CO_TRY(auto after, co_await look_at(parts, std::move(noted.service)));
    after.asked = d.uuid;
    co_return after;
}

task<result<void>> begin_on_release(deploy_parts const& parts, service_access const& a,
                                    service_view const& view, deployment_kind kind) {
    PILOTHOUSE_CO_TRY(auto const configured, configuration_of(parts, view.service));
    auto d = new_deployment(parts, a, view.service, kind);
    d.chart = view.release->source.chart;
    d.version = view.release->source.version;
    d.operation = operation_of(d.uuid);
    beginnings::guard const beginning(*parts.beginning, d.uuid);
    auto const added = co_await parts.deployments.add(d);
    if (!added) co_return added.error();
    release::release_request wanted;
    wanted.release = view.release->id;
    wanted.options = ending_options(parts, configured);
    wanted.operation = d.operation;
    auto const begun = co_await ask(parts, *a.on_cluster, kind, std::move(wanted));
    if (begun) co_return result<void>();
    co_await take_back(parts, d.uuid);
    // Somebody was quicker; not_found is the service's.
    bool const moved = begun.error().code == errc::not_found || begun.error().code == errc::busy;
    co_return moved ? in_progress() : begun.error();
}

task<result<void>> begin_lined_up(deploy_parts const& parts, service_access const& a,
                                  service_view const& view, deployment_record d) {
    // Its record says that it waits until it is begun: gone down before that, it waits on.
    beginnings::guard const beginning(*parts.beginning, d.uuid);
    auto const id = operation_of(d.uuid);
    auto begun = result<storage::begun>(failure(errc::broken, "nothing was begun"));
    auto const wanted = co_await order_of(parts, a, view.service, d.version);
    if (wanted)
        begun = co_await begin(parts, a, view, *wanted, id);
    else
        begun = wanted.error();
    if (!begun && begun.error().code == errc::unavailable) co_return begun.error();
    if (!begun && begun.error().code == errc::busy) co_return result<void>();
    if (begun) {
        begun_deploy facts{begun->operation.release, view.service.configuration, wanted->pins,
                           d.version};
        PILOTHOUSE_CO_TRY(auto const noted,
                          co_await note_or_cancel(parts, a, view.service, std::move(facts), id));
        d.configuration = noted.configuration;
        d.version = wanted->chart.version;
        d.operation = id;
    } else {
        d.finished = parts.below.time.now();
        d.outcome = deployment_outcome::error;
        d.message = begun.error().detail;
    }
    PILOTHOUSE_CO_TRY(bool const unwanted, co_await note_lined_up(parts, d));
    if (!unwanted || d.operation.empty()) co_return result<void>();
    auto const cancelled = co_await parts.read.cancel(*a.on_cluster, d.operation);
    if (!cancelled && cancelled.error().code != errc::wrong_state) co_return cancelled.error();
    co_return result<void>();
}

}  // namespace pilothouse::deploy
