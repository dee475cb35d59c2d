#include "server/shapes/release_shapes.hpp"

#include "registry/directory_names.hpp"
#include "server/shapes/or_null.hpp"

#include <optional>
#include <string>
#include <variant>

namespace pilothouse::shapes {

namespace {

namespace json = boost::json;

json::array texts(std::vector<std::string> const& all) {
    return json::array(all.begin(), all.end());
}

json::value source_or_null(std::optional<storage::release_source> const& s) {
    if (!s) return nullptr;
    return json::object{
        {"product_version_id", s->reference},
        {"product_id", s->product},
        {"project", s->project_path},
        {"channel", s->channel},
        {"chart", s->chart},
        {"version", s->version},
        {"digest", s->archive.hex()},
    };
}

}  // namespace

json::object shape_of(storage::cluster_record const& c) {
    json::object o{
        {"id", c.id.value},
        {"name", c.name},
        {"project_id", nullptr},
        {"group_id", nullptr},
        {"server", c.server},
        {"namespaces", texts(c.namespaces)},
        {"created_by", id_or_null(c.creator.value)},
        {"created_at", to_rfc3339(c.created)},
        {"updated_at", to_rfc3339(c.updated)},
    };
    if (!c.owner) return o;
    if (auto const* const project = std::get_if<storage::project_id>(&*c.owner))
        o["project_id"] = project->value;
    else
        o["group_id"] = std::get<storage::group_id>(*c.owner).value;
    return o;
}

json::object shape_of(storage::cluster_member const& m) {
    return {{"id", m.user.id.value},
            {"username", m.user.username},
            {"role", registry::name_of(m.role)}};
}

json::object shape_of(release::inspection const& seen) {
    json::array missing;
    for (auto const& right : seen.missing)
        missing.emplace_back(json::object{{"verb", right.verb},
                                          {"group", right.group},
                                          {"resource", right.resource},
                                          {"namespace", text_or_null(right.name_space)}});
    return {{"reachable", seen.reachable},
            {"failure", text_or_null(seen.failure)},
            {"version", text_or_null(seen.version)},
            {"user", text_or_null(seen.user)},
            {"missing_rights", std::move(missing)}};
}

json::object shape_of(storage::release_record const& r) {
    return {
        {"id", r.id},
        {"cluster", r.cluster_name},
        {"namespace", r.name_space},
        {"name", r.name},
        {"status", storage::name_of(r.status)},
        {"revision", r.revision},
        {"description", text_or_null(r.description)},
        {"changed_elsewhere", r.changed_elsewhere},
        {"stopped", r.stopped},
        {"source", source_or_null(r.source)},
        {"created_at", to_rfc3339(r.created)},
        {"updated_at", to_rfc3339(r.updated)},
        {"seen_at", time_or_null(r.seen)},
    };
}

json::object shape_of(release::revision const& r) {
    return {
        {"revision", r.number},
        {"status", storage::name_of(r.status)},
        {"chart", r.chart},
        {"app_version", text_or_null(r.app_version)},
        {"description", text_or_null(r.description)},
        {"updated_at", to_rfc3339(r.updated)},
    };
}

json::object shape_of(release::listed_release const& r) {
    return {
        {"namespace", r.name_space},
        {"name", r.name},
        {"status", storage::name_of(r.status)},
        {"revision", r.revision},
        {"chart", r.chart},
        {"app_version", text_or_null(r.app_version)},
        {"updated_at", to_rfc3339(r.updated)},
    };
}

json::object shape_of(release::object_difference const& d) {
    return {{"change", word_of(d.what)},
            {"api_version", d.api_version},
            {"kind", d.kind},
            {"namespace", text_or_null(d.name_space)},
            {"name", d.name},
            {"diff", d.text}};
}

json::object shape_of(release::object_state const& s) {
    return {{"kind", s.kind},
            {"namespace", text_or_null(s.name_space)},
            {"name", s.name},
            {"state", s.state}};
}

json::object shape_of(storage::operation_record const& o) {
    json::value error = nullptr;
    if (o.error)
        error = json::object{{"code", name_of(o.error->code)}, {"message", o.error->message}};
    return {
        {"id", o.id},
        {"kind", storage::name_of(o.kind)},
        {"state", storage::name_of(o.state)},
        {"done", o.state == storage::operation_state::done},
        {"release_id", o.release},
        {"cluster", o.cluster_name},
        {"namespace", o.name_space},
        {"name", o.name},
        {"description", o.description},
        {"source", source_or_null(o.source)},
        {"error", std::move(error)},
        {"warning", text_or_null(o.warning)},
        {"created_by", text_or_null(o.by_name)},
        {"created_at", to_rfc3339(o.created)},
        {"updated_at", to_rfc3339(o.modified)},
        {"started_at", time_or_null(o.started)},
        {"finished_at", time_or_null(o.finished)},
        {"helm_version", text_or_null(o.helm_version)},
    };
}

json::object shape_of(storage::operation_event const& e) {
    return {{"number", e.number}, {"at", to_rfc3339(e.at)}, {"what", e.what}, {"text", e.text}};
}

std::string_view word_of(release::object_change change) noexcept {
    switch (change) {
        case release::object_change::added: return "added";
        case release::object_change::changed: return "changed";
        case release::object_change::removed: return "removed";
    }
    return "unknown";
}

}  // namespace pilothouse::shapes
