#include "server/qovery/words.hpp"

#include "server/http/problem.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string_view>

namespace pilothouse::qovery {

namespace {

http::response error(unsigned status, std::string_view message) {
    return shown(status, json::object{{"status", status},
                                      {"error", http::reason_phrase(status)},
                                      {"message", message}});
}

http::response with_usual_fields(http::response r) {
    r.header("Cache-Control", "no-store");
    r.header("X-Content-Type-Options", "nosniff");
    return r;
}

}  // namespace

http::response shown(unsigned status, json::value const& body) {
    auto r = with_usual_fields(http::response(status));
    r.header("Content-Type", "application/json");
    r.body(json::serialize(body));
    return r;
}

http::response no_content() { return with_usual_fields(http::response(204)); }

http::response words::refuse(http::exchange const&, failure const& f) const {
    auto r = error(http::status_of(condition_of(f.code)), f.detail);
    if (r.status() == 401) r.header("WWW-Authenticate", "Bearer");
    http::tell_when_to_retry(r, f);
    r.because(f.cause);
    return r;
}

http::response words::no_route(unsigned status) const {
    return error(status, status == 405 ? "this address does not take that method"
                                       : "there is nothing at this address");
}

}  // namespace pilothouse::qovery
