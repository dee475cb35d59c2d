#include "deploy/service_view.hpp"

#include "deploy/begun_operation.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::deploy {

namespace {

using storage::deployment_kind;
using storage::deployment_outcome;
using storage::deployment_record;
using storage::operation_record;
using storage::operation_state;
using storage::release_record;
using storage::service_record;

// More than are kept of those that are finished, with whatever waits.
constexpr std::size_t all = 2 * storage::deployments_max;

failure gone() { return {errc::not_found, "there is no such service"}; }

bool waits(deployment_record const& d) noexcept {
    return d.operation.empty() && d.outcome == deployment_outcome::none;
}

task<std::optional<operation_record>> newest_operation(deploy_parts const& parts,
                                                       std::string release) {
    if (release.empty()) co_return std::nullopt;
    storage::operation_filter of_release;
    of_release.release = std::move(release);
    auto found = co_await parts.below.operations.list(std::move(of_release), 0, 1);
    if (found.empty()) co_return std::nullopt;
    co_return std::move(found.front());
}

// Empty: there is none of this id.
task<result<std::optional<operation_record>>> operation_with(deploy_parts const& parts,
                                                             std::string id) {
    auto operation = co_await parts.below.operations.find(std::move(id));
    if (operation) co_return *std::move(operation);
    if (operation.error().code == errc::not_found) co_return std::nullopt;
    co_return operation.error();
}

void write_end(deployment_record& d, operation_record const& o) {
    // Its record said what was asked for, which may be a range.
    if (d.kind == deployment_kind::deploy && o.source) d.version = o.source->version;
    d.started = o.started;
    d.finished = o.finished;
    d.outcome = deployment_outcome::success;
    if (!o.error) return;
    d.outcome = o.error->code == errc::cancelled ? deployment_outcome::cancelled
                                                 : deployment_outcome::error;
    d.message = o.error->message;
}

// Several may do this at once, and one of them late: of another release, or of an older
// configuration, nothing is taken back.
void write_end(service_record& s, deployment_record const& d, operation_record const& o) {
    bool const good = !o.error;
    if (!good || s.release != o.release) return;
    if (d.kind == deployment_kind::deploy) {
        s.deployed = std::max(s.deployed, d.configuration);
        if (o.revision_before)
            s.deployed_revision = std::max(s.deployed_revision, *o.revision_before + 1);
    }
    if (d.kind == deployment_kind::uninstall) s.deployed = s.deployed_revision = 0;
}

// The service first: a crash between the two leaves the deployment open, and all is done again.
task<result<void>> settle(deploy_parts const& parts, service_record& service,
                          deployment_record& last, operation_record const& ended) {
    if (last.kind == deployment_kind::remove && !ended.error) {
        auto const removed = co_await parts.services.remove(service.id);
        if (!removed && removed.error().code != errc::not_found) co_return removed.error();
        co_return gone();
    }
    auto const change_service = [&](service_record& s) -> result<void> {
        write_end(s, last, ended);
        return {};
    };
    PILOTHOUSE_CO_TRY(service, co_await parts.services.edit(service.id, change_service));
    auto const change = [&](deployment_record& d) -> result<void> {
        write_end(d, ended);
        return {};
    };
    auto edited = co_await parts.deployments.edit(last.uuid, change);
    if (edited) last = *std::move(edited);  // else it made room for younger ones
    co_return result<void>();
}

// Of a record that names its operation and does not say how it ended: makes good what went down
// between the two, and writes down the end. What is left of it to show: itself, or nothing, where
// it is only just being begun, or never was.
task<result<std::optional<deployment_record>>> look_at_open(deploy_parts const& parts,
                                                            service_view& view,
                                                            deployment_record d) {
    // Asked first: whoever begins it at this moment may be through when we look.
    bool const begins = parts.beginning->contains(d.uuid);
    PILOTHOUSE_CO_TRY(auto const operation, co_await operation_with(parts, d.operation));
    if (!operation && begins) {
        view.beginning = d.kind;
        co_return std::nullopt;
    }
    if (!operation) {
        auto const ended = co_await end_never_begun(parts, d);
        if (!ended) co_return ended.error();
        co_return std::nullopt;
    }
    // Whoever begins it has still to note it: until then it is under way, and nothing is settled.
    if (begins && !is_noted(d, *operation, view.service)) {
        view.beginning = d.kind;
        co_return d;
    }
    if (!begins && !view.last) {  // of the newest alone: nothing older is in force
        auto const noted = co_await catch_up(parts, d, *operation, view.service);
        if (!noted) co_return noted.error();
    }
    if (operation->state == operation_state::done) {
        auto const settled = co_await settle(parts, view.service, d, *operation);
        if (!settled) co_return settled.error();
    }
    co_return d;
}

// The one whose turn it is may have begun without its record's knowing.
task<result<void>> look_at_line(deploy_parts const& parts, service_view& view) {
    if (view.lined_up.empty()) co_return result<void>();
    auto& first = view.lined_up.front();
    if (parts.beginning->contains(first.uuid)) co_return result<void>();
    PILOTHOUSE_CO_TRY(auto const operation,
                      co_await operation_with(parts, operation_of(first.uuid)));
    if (!operation) co_return result<void>();
    auto const joined = co_await join(parts, first, *operation, view.service);
    if (!joined && joined.error().code != errc::wrong_state) co_return joined.error();
    if (joined) {
        PILOTHOUSE_CO_TRY(view.last, co_await look_at_open(parts, view, first));
    }
    view.lined_up.erase(view.lined_up.begin());
    co_return result<void>();
}

task<result<void>> look_at_deployments(deploy_parts const& parts, service_view& view) {
    view.last.reset();
    view.lined_up.clear();
    view.beginning.reset();
    auto newest = co_await parts.deployments.list(view.service.id, all);
    std::erase_if(newest, [](auto const& d) { return d.kind == deployment_kind::dry_run; });
    for (auto& d : newest) {
        if (waits(d)) {
            view.lined_up.insert(view.lined_up.begin(), std::move(d));
        } else if (!d.operation.empty() && d.outcome == deployment_outcome::none) {
            PILOTHOUSE_CO_TRY(auto begun, co_await look_at_open(parts, view, std::move(d)));
            if (begun && !view.last) view.last = std::move(begun);
        } else if (!d.operation.empty() && !view.last) {
            view.last = std::move(d);
        }
    }
    co_return co_await look_at_line(parts, view);
}

// The one that was installed for the service. Whatever else has its name is somebody else's.
task<result<std::optional<release_record>>> release_of(deploy_parts const& parts,
                                                       service_record const& service) {
    if (service.release.empty()) co_return std::nullopt;
    auto found = co_await parts.below.releases.find(service.release);
    if (found) co_return *std::move(found);
    if (found.error().code == errc::not_found) co_return std::nullopt;
    co_return found.error();
}

bool is_same(std::optional<operation_record> const& a, std::optional<operation_record> const& b) {
    if (!a || !b) return !a && !b;
    return a->id == b->id &&
           (a->state == operation_state::done) == (b->state == operation_state::done);
}

// False: something began or ended meanwhile, so that not all of it is of one moment.
task<result<bool>> look_once(deploy_parts const& parts, service_view& view) {
    auto const before = co_await newest_operation(parts, view.service.release);
    PILOTHOUSE_CO_TRY(view.service, co_await parts.services.find(view.service.id));
    auto const looked = co_await look_at_deployments(parts, view);
    if (!looked) co_return looked.error();
    PILOTHOUSE_CO_TRY(view.release, co_await release_of(parts, view.service));
    view.operation = co_await newest_operation(parts, view.service.release);
    co_return is_same(before, view.operation);
}

}  // namespace

service_facts facts_of(service_view const& view) {
    return {view.service.configuration,
            view.service.deployed,
            view.service.deployed_revision,
            view.last,
            view.operation,
            view.release,
            !view.lined_up.empty(),
            view.beginning};
}

task<result<service_view>> look_at(deploy_parts const& parts, service_record service) {
    constexpr int looks_max = 4;
    service_view view;
    view.service = std::move(service);
    for (int look = 0; look < looks_max; ++look) {
        PILOTHOUSE_CO_TRY(bool const of_one_moment, co_await look_once(parts, view));
        if (of_one_moment) break;
    }
    view.status = status_of(facts_of(view));
    bool const queued = view.operation && view.operation->state == operation_state::queued;
    view.waiting = view.lined_up.size() + (queued ? 1 : 0);
    co_return view;
}

task<result<std::vector<service_view>>> look_at_all(deploy_parts const& parts,
                                                    storage::environment_id environment) {
    std::vector<service_view> views;
    auto const services = co_await parts.services.list(environment);
    for (auto const& service : services) {
        auto view = co_await look_at(parts, service);
        if (!view && view.error().code != errc::not_found) co_return view.error();
        if (view) views.push_back(*std::move(view));
    }
    co_return views;
}

}  // namespace pilothouse::deploy
