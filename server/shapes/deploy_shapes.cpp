#include "server/shapes/deploy_shapes.hpp"

#include "server/shapes/or_null.hpp"

#include <boost/json/parse.hpp>

namespace pilothouse::shapes {

namespace {

namespace json = boost::json;
using deploy::configured_service;
using deploy::service_view;
using storage::deployment_outcome;
using storage::deployment_record;
using storage::environment_record;

json::value repository_or_null(configured_service const& s) {
    if (s.channel.id.value == 0) return nullptr;
    return json::value(s.project_path + "/" + s.channel.name);
}

template <class Thing>
json::array list_of(std::vector<Thing> const& things) {
    json::array all;
    for (auto const& thing : things) all.emplace_back(shape_of(thing));
    return all;
}

}  // namespace

std::string_view word_of(deployment_outcome outcome) noexcept {
    switch (outcome) {
        case deployment_outcome::success: return "success";
        case deployment_outcome::error: return "error";
        case deployment_outcome::cancelled: return "cancelled";
        case deployment_outcome::none: break;
    }
    return "";
}

json::object shape_of(environment_record const& e) {
    return {{"id", e.uuid},
            {"name", e.name},
            {"project", e.project_path},
            {"cluster", e.cluster_name},
            {"namespace", e.name_space},
            {"mode", storage::name_of(e.mode)},
            {"created_at", to_rfc3339(e.created)},
            {"updated_at", to_rfc3339(e.updated)}};
}

json::object shape_of(service_view const& v) {
    json::object o{{"id", v.service.uuid},
                   {"name", v.service.name},
                   {"state", deploy::name_of(v.status.state)},
                   {"service_deployment_status", deploy::name_of(v.status.configuration)},
                   {"action", deploy::name_of(v.status.action)},
                   {"status", deploy::name_of(v.status.how)},
                   {"message", text_or_null(fault_of(v))},
                   {"installed_version", nullptr},
                   {"release_id", nullptr},
                   {"operation_id", nullptr},
                   {"last_deployment", nullptr}};
    if (v.release) {
        o["release_id"] = v.release->id;
        o["installed_version"] = v.release->source.version;
    }
    if (!v.last) return o;
    o["operation_id"] = text_or_null(v.last->operation);
    o["last_deployment"] = shape_of(*v.last);
    return o;
}

json::object shape_of(configured_service const& s) {
    auto const text = deploy::configuration_text(s.configuration);
    auto o = json::parse(text.reveal()).as_object();
    o["source"].as_object()["helm_repository"].as_object()["name"] = repository_or_null(s);
    o["id"] = s.view.service.uuid;
    o["created_at"] = to_rfc3339(s.view.service.created);
    o["updated_at"] = to_rfc3339(s.view.service.updated);
    o["release_name"] = s.view.service.release_name;
    o["status"] = shape_of(s.view);
    return o;
}

json::object shape_of(deployment_record const& d) {
    return {{"id", d.uuid},
            {"kind", storage::name_of(d.kind)},
            {"chart", text_or_null(d.chart)},
            {"version", text_or_null(d.version)},
            {"operation_id", text_or_null(d.operation)},
            {"by", d.by_name},
            {"created_at", to_rfc3339(d.created)},
            {"started_at", time_or_null(d.started)},
            {"finished_at", time_or_null(d.finished)},
            {"outcome", text_or_null(std::string(word_of(d.outcome)))},
            {"message", text_or_null(d.message)}};
}

std::string fault_of(service_view const& v) {
    if (!v.last) return {};
    if (!v.last->message.empty()) return v.last->message;
    bool const its_own = v.operation && v.operation->id == v.last->operation;
    return its_own && v.operation->error ? v.operation->error->message : std::string();
}

json::array shape_of(std::vector<environment_record> const& all) { return list_of(all); }
json::array shape_of(std::vector<service_view> const& all) { return list_of(all); }
json::array shape_of(std::vector<configured_service> const& all) { return list_of(all); }
json::array shape_of(std::vector<deployment_record> const& all) { return list_of(all); }

}  // namespace pilothouse::shapes
