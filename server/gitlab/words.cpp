#include "server/gitlab/words.hpp"

#include "auth/challenge.hpp"
#include "server/http/problem.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <utility>

namespace pilothouse::gitlab {

namespace json = boost::json;

namespace {

// `message` is GitLab's word; `error` is what helm-push prints.
http::response message_and_error(unsigned status, std::string_view message,
                                 std::string_view error) {
    return json_answer(status,
                       json::serialize(json::object{{"message", message}, {"error", error}}));
}

http::response insufficient_scope(failure const& f) {
    return json_answer(403, json::serialize(json::object{{"error", "insufficient_scope"},
                                                         {"error_description", f.detail},
                                                         {"scope", "api read_api"},
                                                         {"message", "403 Forbidden"}}));
}

http::response ended_token(failure const& f) {
    return json_answer(401, json::serialize(json::object{{"error", "invalid_token"},
                                                         {"error_description", f.detail},
                                                         {"message", "401 Unauthorized"}}));
}

http::response word(failure const& f) {
    switch (f.code) {
        case errc::invalid_channel: return validation_error("channel is invalid");
        case errc::token_expired:
        case errc::token_revoked: return ended_token(f);
        case errc::insufficient_scope: return insufficient_scope(f);
        default: break;
    }
    auto const status = http::status_of(condition_of(f.code));
    switch (status) {
        case 401: return message_and_error(401, "401 Unauthorized", f.detail);
        case 403: return message_and_error(403, "403 Forbidden", f.detail);
        case 404: return message_and_error(404, "404 Not Found", f.detail);
        default: break;
    }
    auto message = std::to_string(status) + " " + std::string(http::reason_phrase(status));
    if (status == 400) message = "400 Bad request";
    return message_and_error(status, message + " - " + f.detail, f.detail);
}

}  // namespace

http::response answer(unsigned status) { return with_usual_fields(http::response(status)); }

http::response with_usual_fields(http::response r) {
    r.header("X-Content-Type-Options", "nosniff");
    r.header("X-Frame-Options", "SAMEORIGIN");
    return r;
}

http::response json_answer(unsigned status, std::string body) {
    auto r = answer(status);
    r.header("Content-Type", "application/json");
    r.body(std::move(body));
    return r;
}

http::response created() { return json_answer(201, R"({"message":"201 Created"})"); }

http::response validation_error(std::string_view text) {
    return json_answer(400, json::serialize(json::object{{"error", text}}));
}

http::response file_is_too_large() {
    return json_answer(400, R"({"message":"400 Bad request - File is too large"})");
}

http::response file_not_found(std::string_view reason) {
    return message_and_error(404, "404 Not found", reason);
}

http::response format_not_found(std::string_view extension) {
    auto const message = "404 Format " + std::string(extension) + " Not Found";
    return json_answer(404, json::serialize(json::object{{"message", message}}));
}

http::response words::refuse(http::exchange const&, failure const& f) const {
    auto r = word(f);
    if (r.status() == 401) r.header("WWW-Authenticate", auth::challenge(f));
    http::tell_when_to_retry(r, f);
    r.because(f.cause);
    return r;
}

http::response words::no_route(unsigned status) const {
    return json_answer(
        status, status == 405 ? R"({"error":"405 Not Allowed"})" : R"({"error":"404 Not Found"})");
}

}  // namespace pilothouse::gitlab
