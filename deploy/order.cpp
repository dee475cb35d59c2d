#include "deploy/order.hpp"

#include "chart/chart_version.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse::deploy {

using storage::service_record;

result<service_configuration> configuration_of(deploy_parts const& parts,
                                               service_record const& service) {
    PILOTHOUSE_TRY(auto const document, parts.below.keys.open(service.sealed_configuration,
                                                              configuration_purpose(service.uuid)));
    return read_configuration(document);
}

bool pins(service_configuration const& configured, std::string const& version) {
    if (version.empty() || version == configured.version) return false;
    bool const is_range = !chart::chart_version::parse(configured.version);
    return !configured.auto_deploy || !is_range;
}

task<result<order>> order_of(deploy_parts const& parts, service_access const& a,
                             service_record const& service, std::string version) {
    order o;
    PILOTHOUSE_CO_TRY(o.configured, configuration_of(parts, service));
    PILOTHOUSE_CO_TRY(o.options, options_of(o.configured));
    o.pins = pins(o.configured, version);
    PILOTHOUSE_CO_TRY(o.chart,
                      co_await choose_chart(parts, a.in_project, o.configured, std::move(version)));
    co_return o;
}

release::install_request install_of(service_access const& a, service_record const& service,
                                    order const& o) {
    release::install_request wanted;
    wanted.version = o.chart.reference;
    wanted.name = service.release_name;
    wanted.name_space = a.environment.name_space;
    wanted.values = values_of(o.configured.values);
    wanted.options = o.options;
    return wanted;
}

release::update_request update_of(std::string release, order const& o) {
    release::update_request wanted;
    wanted.release = std::move(release);
    wanted.version = o.chart.reference;
    wanted.values = values_of(o.configured.values);
    wanted.reset_values = true;
    wanted.options = o.options;
    return wanted;
}

storage::operation_options ending_options(deploy_parts const& parts,
                                          service_configuration const& configured) {
    using std::chrono::seconds;
    auto const longest = std::chrono::duration_cast<seconds>(parts.below.limits.timeout_max);
    storage::operation_options how;
    how.timeout = std::min(configured.timeout, longest);
    return how;
}

}  // namespace pilothouse::deploy
