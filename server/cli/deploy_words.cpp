#include "server/cli/deploy_words.hpp"

#include "server/cli/arguments.hpp"
#include "server/cli/json_fields.hpp"
#include "server/cli/table.hpp"
#include "server/shapes/deploy_shapes.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;
using deploy::configured_service;
using deploy::service_view;
using storage::deployment_record;
using storage::environment_record;

std::string repository_of(configured_service const& s) {
    return s.channel.id.value == 0 ? std::string() : s.project_path + "/" + s.channel.name;
}

// In the cluster.
std::string installed_version(service_view const& v) {
    return v.release ? v.release->source.version : std::string();
}

// Of a message: the whole of it is in --json.
std::string beginning_of(std::string const& text) {
    constexpr std::size_t bytes_max = 80;
    auto line = text.substr(0, text.find('\n'));
    if (line.size() <= bytes_max) return line;
    auto end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U) --end;
    line.resize(end);
    return line + "…";
}

std::string names_of(std::vector<deploy::values_override::pair> const& pairs) {
    std::string all;
    for (auto const& [key, text] : pairs) all += (all.empty() ? "" : ", ") + key;
    return all;
}

std::string line(std::string_view heading, std::string const& text) {
    return text.empty() ? std::string() : std::string(heading) + ": " + text + "\n";
}

}  // namespace

void add_environment(CLI::App& app, std::string& reference) {
    app.add_option("ENV", reference, "an environment's UUID, or group/project/name")
        ->required()
        ->check(not_empty);
}

void add_service(CLI::App& app, std::string& reference) {
    app.add_option("SERVICE", reference, "a service's UUID, or group/project/environment/name")
        ->required()
        ->check(not_empty);
}

std::string table_of(std::vector<environment_record> const& environments) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& e : environments)
        rows.push_back({e.uuid, e.project_path + "/" + e.name, e.cluster_name, e.name_space,
                        std::string(storage::name_of(e.mode))});
    return table({"ID", "NAME", "CLUSTER", "NAMESPACE", "MODE"}, rows);
}

std::string table_of(std::vector<service_view> const& services) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& v : services)
        rows.push_back({v.service.uuid, v.service.name,
                        std::string(deploy::name_of(v.status.state)),
                        std::string(deploy::name_of(v.status.configuration)), installed_version(v),
                        v.last ? when(v.last->created) : ""});
    return table({"ID", "NAME", "STATE", "CONFIGURATION", "INSTALLED", "ASKED FOR"}, rows);
}

std::string table_of(std::vector<configured_service> const& services) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& s : services)
        rows.push_back({s.view.service.uuid, s.view.service.name,
                        repository_of(s).empty() ? "gone" : repository_of(s), s.configuration.chart,
                        s.configuration.version, installed_version(s.view),
                        std::string(deploy::name_of(s.view.status.state)),
                        std::string(deploy::name_of(s.view.status.configuration)),
                        s.configuration.auto_deploy ? "yes" : "no"});
    return table({"ID", "NAME", "REPOSITORY", "CHART", "VERSION", "INSTALLED", "STATE",
                  "CONFIGURATION", "AUTO DEPLOY"},
                 rows);
}

std::string table_of(std::vector<deployment_record> const& deployments) {
    std::vector<std::vector<std::string>> rows;
    for (auto const& d : deployments)
        rows.push_back({d.uuid, std::string(storage::name_of(d.kind)),
                        d.chart.empty() ? "" : d.chart + "-" + d.version, d.by_name,
                        when(d.created), d.finished ? when(*d.finished) : "",
                        d.finished ? std::string(shapes::word_of(d.outcome)) : "under way",
                        beginning_of(d.message)});
    return table({"ID", "KIND", "CHART", "BY", "ASKED FOR", "ENDED", "OUTCOME", "MESSAGE"}, rows);
}

std::string details_of(deploy::service_configuration const& c) {
    std::string files, arguments;
    for (auto const& file : c.values.files) files += (files.empty() ? "" : ", ") + file.name;
    for (auto const& argument : c.arguments) arguments += (arguments.empty() ? "" : " ") + argument;
    return line("description", c.description) + line("values from", files) +
           line("set", names_of(c.values.set)) +
           line("set as texts", names_of(c.values.set_string)) +
           line("set as JSON", names_of(c.values.set_json)) + line("arguments", arguments) +
           line("timeout", std::to_string(c.timeout.count()) + " s") +
           line("may reach beyond its namespace", c.allow_cluster_wide ? "yes" : "");
}

failure with_way_out(failure why, std::string const& service) {
    if (why.code == errc::busy)
        why.detail += "; `pilothouse service status " + service +
                      "` says which, `pilothouse "
                      "service cancel " +
                      service + "` ends it";
    return why;
}

std::string difference_for_people(std::string_view result) {
    boost::system::error_code wrong;
    auto const all = json::parse(result, wrong);
    if (wrong || !all.is_array() || all.get_array().empty()) return "nothing would change\n";
    std::string text;
    for (auto const& one : all.get_array()) {
        if (!one.is_object()) continue;
        if (!text.empty()) text += "\n";
        auto const& d = one.get_object();
        if (auto const* const more = d.if_contains("more")) {
            text += "and " + json::serialize(*more) + " more\n";
            continue;
        }
        auto const name_space = text_at(d, "namespace");
        text += text_at(d, "change") + " " + text_at(d, "kind") + " " +
                (name_space.empty() ? "" : name_space + "/") + text_at(d, "name") + "\n" +
                text_at(d, "text");
    }
    return text;
}

}  // namespace pilothouse::cli
