#include "notify/documents.hpp"

#include "auth/auditor.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pilothouse::notify {

namespace {

namespace json = boost::json;
using storage::occasion;

constexpr std::size_t versions_named_max = 100;

std::string_view type_of(occasion what) noexcept {
    switch (what) {
        case occasion::push: return "chart.pushed";
        case occasion::promotion: return "charts.promoted";
        case occasion::deployment: return "deployment.ended";
    }
    return "unknown";
}

std::string_view word_of(storage::added::outcome what) noexcept {
    switch (what) {
        case storage::added::outcome::created: return "created";
        case storage::added::outcome::replaced: return "replaced";
        case storage::added::outcome::unchanged: return "unchanged";
    }
    return "unknown";
}

std::string document(occasion what, instant at, json::object data) {
    return json::serialize(json::object{
        {"type", type_of(what)}, {"timestamp", to_rfc3339(at)}, {"data", std::move(data)}});
}

json::object shape_of(storage::project_record const& p) {
    return {{"id", p.id.value}, {"path", p.path}};
}

json::object shape_of(storage::added const& done) {
    auto const& e = done.entry;
    return {{"chart", e.chart},     {"version", e.version},
            {"file", e.file_name},  {"digest", "sha256:" + e.digest.hex()},
            {"size", e.size_bytes}, {"outcome", word_of(done.what)}};
}

json::value text_or_null(std::string const& text) {
    if (text.empty()) return nullptr;
    return json::value(text);
}

json::value time_or_null(std::optional<instant> const& t) {
    if (!t) return nullptr;
    return json::value(to_rfc3339(*t));
}

std::string_view outcome_of(storage::operation_record const& o) noexcept {
    if (!o.error) return "succeeded";
    return o.error->code == errc::cancelled ? "cancelled" : "failed";
}

json::value error_or_null(storage::operation_record const& o) {
    if (!o.error) return nullptr;
    return json::object{{"code", name_of(o.error->code)}, {"message", o.error->message}};
}

json::value source_or_null(std::optional<storage::release_source> const& s) {
    if (!s) return nullptr;
    return json::object{{"project", s->project_path},
                        {"channel", s->channel},
                        {"chart", s->chart},
                        {"version", s->version},
                        {"digest", "sha256:" + s->archive.hex()}};
}

}  // namespace

storage::announcement chart_pushed(auth::grant const& g, std::string_view channel,
                                   storage::added const& done, instant now) {
    auto data = shape_of(done);
    data["project"] = shape_of(g.project());
    data["channel"] = channel;
    data["by"] = auth::author_of(g);
    return {occasion::push, document(occasion::push, now, std::move(data)), now};
}

storage::announcement charts_promoted(auth::grant const& g, storage::copy_request const& asked,
                                      std::vector<storage::added> const& done) {
    json::array versions;
    auto const named = std::min(done.size(), versions_named_max);
    for (std::size_t i = 0; i < named; ++i) versions.emplace_back(shape_of(done[i]));
    json::object data{{"project", shape_of(g.project())}, {"channel", asked.to_channel},
                      {"from", asked.how.from},           {"moved", asked.move},
                      {"versions", std::move(versions)},  {"versions_count", done.size()},
                      {"by", auth::author_of(g)}};
    auto const at = asked.how.at;
    return {occasion::promotion, document(occasion::promotion, at, std::move(data)), at};
}

std::string deployment_ended(storage::operation_record const& o,
                             std::optional<told_deployment> const& through) {
    json::object data{
        {"operation", o.id},
        {"kind", storage::name_of(o.kind)},
        {"outcome", outcome_of(o)},
        {"error", error_or_null(o)},
        {"warning", text_or_null(o.warning)},
        {"release", o.release},
        {"cluster", o.cluster_name},
        {"namespace", o.name_space},
        {"name", o.name},
        {"chart", source_or_null(o.source)},
        {"created_at", to_rfc3339(o.created)},
        {"started_at", time_or_null(o.started)},
        {"finished_at", time_or_null(o.finished)},
        {"by", o.by_name},
        {"deployment", nullptr},
        {"service", nullptr},
        {"environment", nullptr},
    };
    if (through) {
        data["deployment"] = through->id;
        data["service"] = json::object{{"id", through->service}, {"name", through->service_name}};
        data["environment"] =
            json::object{{"id", through->environment}, {"name", through->environment_name}};
    }
    return document(occasion::deployment, o.finished.value_or(o.modified), std::move(data));
}

std::string test_document(occasion what, storage::project_record const& project, instant now) {
    json::object data{{"test", true}, {"project", shape_of(project)}};
    return document(what, now, std::move(data));
}

}  // namespace pilothouse::notify
