#include "deploy/configure_services.hpp"

#include "base/plain_text.hpp"
#include "base/uuid.hpp"
#include "chart/quote.hpp"
#include "deploy/chart_choice.hpp"
#include "deploy/label.hpp"
#include "deploy/place_uuids.hpp"
#include "release/judged_request.hpp"
#include "release/user_values.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <memory>
#include <utility>

namespace pilothouse::deploy {

namespace {

using auth::permission;
using storage::service_record;

constexpr std::size_t release_name_bytes_max = 53;  // Helm's rule
constexpr std::size_t uuid_bytes_kept = 8;
constexpr std::size_t name_characters_max = 255;
constexpr std::size_t description_characters_max = 4096;

auth::audited thing(service_record const& s) { return {"HelmService", s.id.value, s.name}; }

// Helm takes nothing else there; what is YAML besides would reach the cluster as a text.
result<void> check_json(std::vector<values_override::pair> const& pairs) {
    for (auto const& [key, text] : pairs) {
        boost::system::error_code bad;
        static_cast<void>(boost::json::parse(text.reveal(), bad));
        if (bad)
            return failure(errc::invalid_argument,
                           "values_override.set_json: " + chart::quoted(key) + " has no JSON");
    }
    return {};
}

// Names and notes are for people, and when it is deployed is another matter: whatever they are, the
// same is deployed.
bool deploys_alike(service_configuration old, service_configuration const& fresh) {
    old.name = fresh.name;
    old.description = fresh.description;
    old.icon = fresh.icon;
    old.auto_deploy = fresh.auto_deploy;
    old.auto_preview = fresh.auto_preview;
    return configuration_text(old).reveal() == configuration_text(fresh).reveal();
}

// Everything that a deployment would refuse, as far as it is known without a cluster.
task<result<service_configuration>> judged(deploy_parts const& parts, auth::grant const& g,
                                           secret const& document) {
    PILOTHOUSE_CO_TRY(auto configured, read_configuration(document));
    if (auto const json = check_json(configured.values.set_json); !json) co_return json.error();
    if (auto const pairs = check_pairs(configured.values); !pairs) co_return pairs.error();
    auto const values = release::merge_values(values_of(configured.values));
    if (!values)
        co_return failure(errc::invalid_argument, "values_override: " + values.error().detail);
    PILOTHOUSE_CO_TRY(auto const how, options_of(configured));
    auto const within = release::check_options(how, parts.below.limits);
    if (!within) co_return within.error();
    auto const named =
        check_text("name", configured.name, name_characters_max, text_shape::one_line);
    if (!named) co_return named.error();
    auto const described = check_text("description", configured.description,
                                      description_characters_max, text_shape::lines);
    if (!described) co_return described.error();
    auto const chart = co_await choose_chart(parts, g, configured, "");
    if (!chart) co_return chart.error();
    co_return configured;
}

// Whoever wants it deployed by itself answers for that.
void follow_as(service_record& s, auth::principal const& who) {
    s.follows_as = who.user;
    s.by_operator = who.what == auth::principal::kind::local_operator;
}

void hide(values_override& v) {
    for (auto& file : v.files) file.content = secret();
    for (auto* const pairs : {&v.set, &v.set_string, &v.set_json})
        for (auto& [key, text] : *pairs) text = secret();
}

task<bool> may_see_values(deploy_parts const& parts, auth::grant const& g) {
    if (g.what() != permission::read_project) co_return true;
    auto const who = std::make_shared<auth::principal const>(g.who());
    auto const deploys =
        co_await parts.below.policy.authorize(who, permission::push_chart, g.project().id);
    co_return deploys.has_value();
}

task<result<configured_service>> shown(deploy_parts const& parts, service_view view,
                                       bool with_values) {
    configured_service s;
    PILOTHOUSE_CO_TRY(auto const document,
                      parts.below.keys.open(view.service.sealed_configuration,
                                            configuration_purpose(view.service.uuid)));
    PILOTHOUSE_CO_TRY(s.configuration, read_configuration(document));
    s.configuration.name = view.service.name;
    if (!with_values) hide(s.configuration.values);
    s.view = std::move(view);
    auto const number = number_in_uuid(uuid_of_channel, s.configuration.repository);
    if (!number) co_return s;
    auto const channel = co_await parts.channels.find(storage::channel_id{*number});
    if (!channel) co_return s;
    s.channel = *channel;
    auto const project = co_await parts.projects.find(channel->project);
    if (project) s.project_path = project->path;
    co_return s;
}

// The name in the cluster; one that another service has gets a part of the UUID behind it.
std::string release_name_of(std::string_view name, std::string_view uuid, bool taken) {
    auto const end = taken ? "-" + std::string(uuid.substr(0, uuid_bytes_kept)) : std::string();
    auto label = label_of(name, release_name_bytes_max - end.size());
    if (label.empty()) label = "service";
    return label + end;
}

task<result<service_record>> create_record(deploy_parts const& parts, service_record record) {
    record.release_name = release_name_of(record.name, record.uuid, false);
    auto made = co_await parts.services.create(record);
    if (made || made.error().code != errc::conflict) co_return made;
    record.release_name = release_name_of(record.name, record.uuid, true);
    co_return co_await parts.services.create(std::move(record));
}

}  // namespace

std::string configuration_purpose(std::string_view service) {
    return "configuration of " + std::string(service);
}

task<result<configured_service>> configure_services::find(service_access const& a) {
    a.expect(environment_right::see);
    PILOTHOUSE_CO_TRY(auto view, co_await look_at(parts_, a.service));
    bool const with_values = co_await may_see_values(parts_, a.in_project);
    co_return co_await shown(parts_, std::move(view), with_values);
}

task<result<std::vector<configured_service>>> configure_services::list(
    environment_access const& a) {
    a.expect(environment_right::see);
    bool const with_values = co_await may_see_values(parts_, a.in_project);
    std::vector<configured_service> all;
    PILOTHOUSE_CO_TRY(auto views, co_await look_at_all(parts_, a.environment.id));
    for (auto& view : views) {
        PILOTHOUSE_CO_TRY(auto one, co_await shown(parts_, std::move(view), with_values));
        all.push_back(std::move(one));
    }
    co_return all;
}

task<result<configured_service>> configure_services::create(environment_access const& a,
                                                            secret document) {
    a.expect(environment_right::manage);
    PILOTHOUSE_CO_TRY(auto const configured, co_await judged(parts_, a.in_project, document));
    service_record record;
    record.uuid = random_uuid();
    record.environment = a.environment.id;
    record.name = configured.name;
    record.sealed_configuration =
        parts_.below.keys.seal(configuration_text(configured), configuration_purpose(record.uuid));
    record.auto_deploy = configured.auto_deploy;
    record.creator = a.who().user;
    follow_as(record, a.who());
    record.created = record.updated = parts_.below.time.now();
    PILOTHOUSE_CO_TRY(auto made, co_await create_record(parts_, std::move(record)));
    co_await parts_.below.audit.note(a.in_project, "helm_service_created", thing(made),
                                     a.environment.name);
    PILOTHOUSE_CO_TRY(auto view, co_await look_at(parts_, std::move(made)));
    co_return co_await shown(parts_, std::move(view), true);
}

task<result<configured_service>> configure_services::edit(service_access const& a,
                                                          secret document) {
    a.expect(environment_right::manage);
    PILOTHOUSE_CO_TRY(auto const before, co_await look_at(parts_, a.service));
    if (is_under_way(before.status.state))
        co_return failure(errc::busy, "Operation is in progress");
    PILOTHOUSE_CO_TRY(auto const configured, co_await judged(parts_, a.in_project, document));
    auto const text = configuration_text(configured);
    auto const change = [&](service_record& s) -> result<void> {
        PILOTHOUSE_TRY(auto const old, parts_.below.keys.open(s.sealed_configuration,
                                                              configuration_purpose(s.uuid)));
        PILOTHOUSE_TRY(auto const before_it, read_configuration(old));
        bool const same = deploys_alike(before_it, configured);
        s.name = configured.name;
        s.auto_deploy = configured.auto_deploy;
        if (s.auto_deploy) follow_as(s, a.who());
        if (!same) ++s.configuration;
        s.sealed_configuration = parts_.below.keys.seal(text, configuration_purpose(s.uuid));
        s.updated = parts_.below.time.now();
        return {};
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await parts_.services.edit(a.service.id, change));
    co_await parts_.below.audit.note(a.in_project, "helm_service_updated", thing(edited),
                                     a.environment.name);
    PILOTHOUSE_CO_TRY(auto view, co_await look_at(parts_, std::move(edited)));
    co_return co_await shown(parts_, std::move(view), true);
}

}  // namespace pilothouse::deploy
