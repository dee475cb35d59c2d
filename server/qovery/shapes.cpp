#include "server/qovery/shapes.hpp"

#include "base/percent_encoding.hpp"
#include "base/uuid.hpp"
#include "deploy/place_uuids.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace pilothouse::qovery {

namespace {

constexpr std::string_view vendor = "ON_PREMISE";

json::object reference(std::string const& uuid) { return {{"id", uuid}}; }

std::string upper(std::string_view word) {
    std::string all(word);
    std::ranges::transform(all, all.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return all;
}

json::array pairs_shape(std::vector<deploy::values_override::pair> const& pairs) {
    json::array all;
    for (auto const& [key, text] : pairs)
        all.push_back(json::array{json::string(key), json::string(text.reveal())});
    return all;
}

json::value files_shape(std::vector<deploy::values_override::file> const& files) {
    if (files.empty()) return nullptr;
    json::array all;
    for (auto const& file : files)
        all.push_back(json::object{{"name", file.name}, {"content", file.content.reveal()}});
    return json::object{{"raw", json::object{{"values", std::move(all)}}}, {"git", nullptr}};
}

std::string channel_address(std::string const& site, std::string const& project_path,
                            std::string const& channel) {
    return site + "/api/v4/projects/" + percent_encode(project_path) + "/packages/helm/" + channel;
}

}  // namespace

json::object listed(json::array results) { return {{"results", std::move(results)}}; }

std::string organization_uuid(storage::group_id id) {
    return numbered_uuid(deploy::uuid_of_group, id.value);
}
std::string project_uuid(storage::project_id id) {
    return numbered_uuid(deploy::uuid_of_project, id.value);
}
std::string cluster_uuid(storage::cluster_id id) {
    return numbered_uuid(deploy::uuid_of_cluster, id.value);
}
std::string repository_uuid(storage::channel_id id) {
    return numbered_uuid(deploy::uuid_of_channel, id.value);
}

std::string time_text(instant t) {
    constexpr std::size_t up_to_milliseconds = 23;
    return to_rfc3339(t).substr(0, up_to_milliseconds) + "Z";
}

json::object organization_shape(storage::group_record const& g) {
    return {{"id", organization_uuid(g.id)}, {"created_at", time_text(g.created)},
            {"updated_at", nullptr},         {"name", g.path},
            {"description", g.description},  {"plan", "ENTERPRISE"}};
}

json::object project_shape(storage::project_record const& p, std::size_t environments) {
    return {{"id", project_uuid(p.id)},
            {"created_at", time_text(p.created)},
            {"updated_at", time_text(p.updated)},
            {"name", p.path},
            {"description", p.description},
            {"associated_environments_count", environments},
            {"organization", reference(organization_uuid(p.groups.front()))}};
}

json::object cluster_shape(storage::cluster_record const& c, storage::group_id organization) {
    return {{"id", cluster_uuid(c.id)},
            {"created_at", time_text(c.created)},
            {"updated_at", time_text(c.updated)},
            {"organization", reference(organization_uuid(organization))},
            {"name", c.name},
            {"description", c.server},
            {"region", ""},
            {"cloud_provider", vendor},
            {"kubernetes", "SELF_MANAGED"}};
}

json::object environment_shape(storage::environment_record const& e,
                               storage::group_id organization) {
    return {{"id", e.uuid},
            {"created_at", time_text(e.created)},
            {"updated_at", time_text(e.updated)},
            {"name", e.name},
            {"organization", reference(organization_uuid(organization))},
            {"project", reference(project_uuid(e.project))},
            {"cloud_provider", json::object{{"provider", vendor}, {"cluster", e.cluster_name}}},
            {"mode", upper(name_of(e.mode))},
            {"cluster_id", cluster_uuid(e.cluster)},
            {"cluster_name", e.cluster_name},
            {"namespace", e.name_space}};
}

json::object repository_shape(storage::channel_record const& channel,
                              std::string const& project_path, std::string const& site) {
    return {{"id", repository_uuid(channel.id)},
            {"created_at", time_text(channel.generated)},
            {"updated_at", time_text(channel.generated)},
            {"name", project_path + "/" + channel.name},
            {"kind", "HTTPS"},
            {"description", channel.settings.description},
            {"url", channel_address(site, project_path, channel.name)},
            {"skip_tls_verification", false}};
}

json::object service_shape(deploy::configured_service const& s, std::string const& environment,
                           std::string const& site) {
    auto const& c = s.configuration;
    auto const& service = s.view.service;
    bool const known = s.channel.id.value != 0;
    json::object const repository{
        {"id", c.repository},
        {"name", known ? s.project_path + "/" + s.channel.name : ""},
        {"url", known ? channel_address(site, s.project_path, s.channel.name) : ""}};
    json::object const source{{"repository", json::object{{"chart_name", c.chart},
                                                          {"chart_version", c.version},
                                                          {"repository", repository}}}};
    json::object const values{{"set", pairs_shape(c.values.set)},
                              {"set_string", pairs_shape(c.values.set_string)},
                              {"set_json", pairs_shape(c.values.set_json)},
                              {"file", files_shape(c.values.files)}};
    return {{"id", service.uuid},
            {"created_at", time_text(service.created)},
            {"updated_at", time_text(service.updated)},
            {"environment", reference(environment)},
            {"name", service.name},
            {"description", c.description},
            {"timeout_sec", c.timeout.count()},
            {"auto_preview", c.auto_preview},
            {"auto_deploy", c.auto_deploy},
            {"ports", json::array()},
            {"source", source},
            {"arguments", json::array(c.arguments.begin(), c.arguments.end())},
            {"allow_cluster_wide_resources", c.allow_cluster_wide},
            {"values_override", values},
            {"icon_uri", c.icon},
            {"service_type", "HELM"},
            {"blueprint_id", nullptr}};
}

}  // namespace pilothouse::qovery
