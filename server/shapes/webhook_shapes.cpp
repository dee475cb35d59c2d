#include "server/shapes/webhook_shapes.hpp"

#include "server/shapes/or_null.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <string>

namespace pilothouse::shapes {

namespace {

namespace json = boost::json;
using storage::delivery_state;
using storage::occasion;

// That of an operation is made at the first attempt.
json::value document_or_null(std::string const& text) {
    if (text.empty()) return nullptr;
    return json::parse(text);
}

json::value next_or_null(storage::delivery_record const& d) {
    if (d.state != delivery_state::waiting) return nullptr;
    return json::value(to_rfc3339(d.next));
}

}  // namespace

std::string_view alert_status_of(storage::webhook_record const& h) noexcept {
    if (!h.enabled) return "disabled";
    return h.disabled_until ? "temporarily_disabled" : "executable";
}

std::string_view trigger_of(occasion what) noexcept {
    switch (what) {
        case occasion::push: return "push_events";
        case occasion::promotion: return "promotion_events";
        case occasion::deployment: return "deployment_events";
    }
    return "unknown";
}

std::optional<occasion> occasion_of(std::string_view trigger) noexcept {
    for (auto const what : std::array{occasion::push, occasion::promotion, occasion::deployment})
        if (trigger_of(what) == trigger) return what;
    return std::nullopt;
}

json::object shape_of(storage::webhook_record const& h) {
    return {
        {"id", h.id.value},
        {"project_id", h.project.value},
        {"name", h.name},
        {"url", h.url},
        {trigger_of(occasion::push), h.on_push},
        {trigger_of(occasion::promotion), h.on_promotion},
        {trigger_of(occasion::deployment), h.on_deployment},
        {"enabled", h.enabled},
        {"alert_status", alert_status_of(h)},
        {"disabled_until", time_or_null(h.disabled_until)},
        {"enable_ssl_verification", true},
        {"created_at", to_rfc3339(h.created)},
        {"updated_at", to_rfc3339(h.updated)},
    };
}

json::object shape_of(storage::delivery_record const& d, std::string_view url) {
    constexpr double milliseconds_in_second = 1000;
    return {
        {"id", d.number},
        {"url", url},
        {"trigger", trigger_of(d.what)},
        {"test", d.test},
        {"state", storage::name_of(d.state)},
        {"attempts", d.attempts},
        {"response_status", d.status == 0 ? json::value(nullptr) : json::value(d.status)},
        {"execution_duration", static_cast<double>(d.duration.count()) / milliseconds_in_second},
        {"error", text_or_null(d.error)},
        {"request_headers", json::object{{"webhook-id", d.message}}},
        {"request_data", document_or_null(d.document)},
        {"created_at", to_rfc3339(d.created)},
        {"next_attempt_at", next_or_null(d)},
    };
}

}  // namespace pilothouse::shapes
