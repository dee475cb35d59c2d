#include "server/cli/service_document.hpp"

#include "base/base64.hpp"
#include "base/uuid.hpp"
#include "deploy/place_uuids.hpp"
#include "release/user_values.hpp"
#include "server/cli/arguments.hpp"
#include "server/cli/sent_text.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>
#include <utility>

namespace pilothouse::cli {

namespace {

namespace json = boost::json;

constexpr auto timeout_max = std::chrono::hours(24);

void add_pairs(CLI::App& app, char const* name, std::vector<std::string>& pairs, char const* help) {
    app.add_option(name, pairs, help)->type_name("KEY=TEXT")->check(not_empty);
}

// Both ways, so that an edit can take it back.
void add_switch(CLI::App& app, std::string const& name, std::optional<bool>& value,
                char const* help) {
    app.add_flag_function(
        "--" + name + ",!--no-" + name, [&value](std::int64_t count) { value = count > 0; }, help);
}

result<json::array> pairs_of(std::vector<std::string> const& texts, std::string_view option) {
    json::array all;
    for (auto const& text : texts) {
        auto const equals = text.find('=');
        if (equals == 0 || equals == text.npos)
            return failure(errc::invalid_argument, std::string(option) + " takes KEY=TEXT");
        all.push_back(json::array{json::string(text.substr(0, equals)),
                                  json::string(text.substr(equals + 1))});
    }
    return all;
}

result<json::array> files_of(std::vector<std::string> const& paths) {
    json::array all;
    for (auto const& path : paths) {
        PILOTHOUSE_TRY(auto const text, read_sent_text(path));
        auto const name = path == "-" ? "values.yaml" : path.substr(path.rfind('/') + 1);
        all.push_back(json::object{{"name", name}, {"content", text.reveal()}});
    }
    return all;
}

void set_unless_empty(json::object& o, std::string_view key, std::string const& text) {
    if (!text.empty()) o[key] = text;
}

void set_unless_empty(json::object& o, std::string_view key, json::array all) {
    if (!all.empty()) o[key] = std::move(all);
}

void set_unless_empty(json::object& o, std::string_view key, json::object below) {
    if (!below.empty()) o[key] = std::move(below);
}

// The place of the repository in the document, if it has one.
json::value* repository_in(json::value& document) {
    auto* at = &document;
    for (auto const* const key : {"source", "helm_repository", "repository"}) {
        auto* const o = at->if_object();
        at = o == nullptr ? nullptr : o->if_contains(key);
        if (at == nullptr) return nullptr;
    }
    return at;
}

task<result<std::string>> channel_uuid(services& s, std::string path) {
    auto const slash = path.rfind('/');
    PILOTHOUSE_CO_TRY(auto const g,
                      co_await s.in_project(auth::permission::read_chart, path.substr(0, slash)));
    PILOTHOUSE_CO_TRY(auto const name, chart::channel_name::parse(path.substr(slash + 1)));
    PILOTHOUSE_CO_TRY(auto const channel, co_await s.channels.find(g, name));
    co_return numbered_uuid(deploy::uuid_of_channel, channel.id.value);
}

}  // namespace

void service_arguments::declare(CLI::App& app) {
    app.add_option("FILE", file_, "its configuration, as the API has it: JSON or YAML; - reads it")
        ->type_name(file_type)
        ->check(not_empty);
    app.add_option("--name", name_, "what it is called in its environment")->check(not_empty);
    add_text(app, "--description", description_, "for people");
    app.add_option("--repository", repository_, "group/project/channel, or the channel's UUID")
        ->check(not_empty);
    app.add_option("--chart", chart_, "a chart of it")->check(not_empty);
    app.add_option("--version", version_, "of the chart: one, or a range, of which the newest")
        ->check(not_empty);
    app.add_option("-f,--values", value_files_,
                   "a file of values, YAML; - reads them; again for more")
        ->type_name(file_type)
        ->check(not_empty);
    add_pairs(app, "--set", set_,
              "one value over the files, typed as Helm does it; others may see it in the list of "
              "processes, so put secrets into a file");
    add_pairs(app, "--set-string", set_string_, "one value that is a text");
    add_pairs(app, "--set-json", set_json_, "one value that is JSON");
    app.add_option("--argument", arguments_,
                   "an option for Helm, like --argument=--wait; again for more")
        ->check(not_empty);
    add_duration(app, "--timeout", timeout_, "for each wait of Helm's [10m]",
                 {std::chrono::seconds(1), timeout_max});
    add_switch(app, "auto-deploy", auto_deploy_,
               "deploy by itself when a newer version that fits is pushed");
    add_switch(app, "allow-cluster-wide", cluster_wide_,
               "its chart may make what lies in no namespace, or in another");
}

result<void> service_arguments::append(std::vector<std::string>& to) const {
    if (!file_.empty()) {
        PILOTHOUSE_TRY(auto const text, read_sent_text(file_));
        to.insert(to.end(), {"--document", encode_base64(text.reveal())});
    }
    json::object repository, values, o;
    set_unless_empty(repository, "repository", repository_);
    set_unless_empty(repository, "chart_name", chart_);
    set_unless_empty(repository, "chart_version", version_);
    PILOTHOUSE_TRY(auto set, pairs_of(set_, "--set"));
    PILOTHOUSE_TRY(auto texts, pairs_of(set_string_, "--set-string"));
    PILOTHOUSE_TRY(auto jsons, pairs_of(set_json_, "--set-json"));
    PILOTHOUSE_TRY(auto files, files_of(value_files_));
    set_unless_empty(values, "set", std::move(set));
    set_unless_empty(values, "set_string", std::move(texts));
    set_unless_empty(values, "set_json", std::move(jsons));
    if (!files.empty())
        values["file"] = json::object{{"raw", json::object{{"values", std::move(files)}}}};
    set_unless_empty(o, "name", name_);
    if (description_) o["description"] = *description_;
    if (!repository.empty()) o["source"] = json::object{{"helm_repository", repository}};
    set_unless_empty(o, "values_override", std::move(values));
    set_unless_empty(o, "arguments", json::array(arguments_.begin(), arguments_.end()));
    if (timeout_.count() != 0) o["timeout_sec"] = timeout_.count();
    if (auto_deploy_) o["auto_deploy"] = *auto_deploy_;
    if (cluster_wide_) o["allow_cluster_wide_resources"] = *cluster_wide_;
    if (!o.empty()) to.insert(to.end(), {"--document", encode_base64(json::serialize(o))});
    return {};
}

task<result<secret>> whole_document(services& s, std::vector<secret> documents) {
    release::values_given given;
    given.documents = std::move(documents);
    auto merged = release::merge_values(given);
    if (!merged)
        co_return failure(merged.error().code, "the configuration: " + merged.error().detail);
    auto whole = json::parse(merged->document.reveal());
    auto* const repository = repository_in(whole);
    if (repository == nullptr || !repository->is_string()) co_return std::move(merged->document);
    std::string const named(repository->get_string());
    if (parse_uuid(named) || named.find('/') == named.npos) co_return std::move(merged->document);
    PILOTHOUSE_CO_TRY(*repository, co_await channel_uuid(s, named));
    co_return secret(json::serialize(whole));
}

}  // namespace pilothouse::cli
