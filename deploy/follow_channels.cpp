#include "deploy/follow_channels.hpp"

#include "base/uuid.hpp"
#include "chart/chart_version.hpp"
#include "deploy/acting_for.hpp"
#include "deploy/chart_choice.hpp"
#include "deploy/place_uuids.hpp"
#include "deploy/service_configuration.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace pilothouse::deploy {

namespace {

using storage::service_record;

bool is_newer(std::string_view version, std::string_view than) {
    auto const a = chart::chart_version::parse(version);
    auto const b = chart::chart_version::parse(than);
    return a && b && a->compare_precedence(*b) > 0;
}

// Newer than what is deployed, and never tried: somebody may have gone back behind it.
task<bool> is_new_to(deploy_parts const& parts, service_view const& view, std::string version) {
    if (!is_newer(version, view.release->source.version)) co_return false;
    auto const all = co_await parts.deployments.list(view.service.id, 2 * storage::deployments_max);
    co_return std::ranges::none_of(all, [&version](storage::deployment_record const& d) {
        // One that never began names no operation by now, and tried nothing.
        bool const tried = !d.operation.empty() || d.outcome == storage::deployment_outcome::none;
        return tried && d.kind == storage::deployment_kind::deploy && d.version == version;
    });
}

}  // namespace

task<void> follow_channels::look() {
    auto const services = co_await parts_.services.automatic();
    std::set<storage::service_id> there;
    for (auto const& service : services) {
        there.insert(service.id);
        auto looked = result<bool>(false);
        try {
            looked = co_await look_after(service);
        } catch (std::exception const& e) {
            looked = failure(errc::unavailable, e.what());
        }
        // What was refused for its own sake is refused again; a right may come back.
        bool const again = looked ? !*looked : looked.error().code != errc::invalid_argument;
        if (again) seen_.erase(service.id);
        auto const why = looked ? std::string() : looked.error().detail;
        if (said_.is_news(service.id, why))
            log_.write(
                log_level::warning, "not_deployed_automatically",
                {{"service", std::string_view(service.uuid)}, {"failure", std::string_view(why)}});
    }
    said_.keep(there);
    std::erase_if(seen_, [&](auto const& known) { return !there.contains(known.first); });
}

// Since it was last seen to.
task<result<bool>> follow_channels::has_changed(service_record const& service,
                                                std::string const& repository) {
    auto const number = number_in_uuid(uuid_of_channel, repository);
    if (!number) co_return false;
    auto const channel = co_await parts_.channels.find(storage::channel_id{*number});
    if (!channel) co_return false;
    auto const now = std::pair(service.configuration, channel->generation);
    auto& before = seen_[service.id];
    if (before == now) co_return false;
    before = now;
    co_return true;
}

task<result<bool>> follow_channels::look_after(service_record const& service) {
    PILOTHOUSE_CO_TRY(
        auto const document,
        parts_.below.keys.open(service.sealed_configuration, configuration_purpose(service.uuid)));
    PILOTHOUSE_CO_TRY(auto const configured, read_configuration(document));
    PILOTHOUSE_CO_TRY(bool const changed, co_await has_changed(service, configured.repository));
    if (!changed) co_return true;
    PILOTHOUSE_CO_TRY(auto who,
                      co_await acting_for(users_, service.follows_as, service.by_operator));
    PILOTHOUSE_CO_TRY(auto const a, co_await access_.to_service(
                                        std::move(who), environment_right::deploy, service.uuid));
    PILOTHOUSE_CO_TRY(auto const view, co_await deploying_.look(a));
    if (is_under_way(view.status.state)) co_return false;
    PILOTHOUSE_CO_TRY(auto const newest,
                      co_await choose_chart(parts_, a.in_project, configured, ""));
    bool const follows = view.release && view.status.state != service_state::stopped;
    if (!follows) co_return true;
    bool const is_new = co_await is_new_to(parts_, view, newest.version);
    if (!is_new) co_return true;
    auto const begun = co_await deploying_.deploy(a, "");
    if (!begun && begun.error().code == errc::busy) co_return false;
    if (!begun) co_return begun.error();
    log_.write(log_level::info, "deployed_automatically",
               {{"service", std::string_view(service.uuid)},
                {"version", std::string_view(newest.version)}});
    co_return true;
}

}  // namespace pilothouse::deploy
