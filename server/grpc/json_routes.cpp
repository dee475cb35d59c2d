#include "server/grpc/json_routes.hpp"

#include "server/grpc/json_words.hpp"
#include "server/http/response.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace pilothouse::rpc {

namespace {

http::response json_response(unsigned status, google::protobuf::Message const& m) {
    http::response r(status);
    r.header("Content-Type", "application/json");
    r.header("Cache-Control", "no-store");
    r.header("X-Content-Type-Options", "nosniff");
    r.body(to_json(m) + "\n");
    return r;
}

http::response refused(refusal const& why) {
    auto r = json_response(http_status_of(why.code), status_of(why));
    if (why.code == code::unauthenticated) r.header("WWW-Authenticate", "Bearer");
    r.because(why.cause);
    return r;
}

task<answer<void>> read_body(http::exchange& x, google::protobuf::Message& into) {
    std::string all;
    while (true) {
        PILOTHOUSE_CO_TRY(auto const bytes, co_await x.body.read());
        if (bytes.empty()) break;
        all += bytes;
    }
    co_return read_json(all, into);
}

// What answers one route by a function of a service.
template <class Service, class Asked, class Reply>
class json_method {
public:
    using function = task<answer<Reply>> (Service::*)(call const&, Asked);

    json_method(method const& m, Service& s, function f, std::string in_path)
        : what_(m), service_(s), function_(f), in_path_(std::move(in_path)) {}

    task<http::response> serve(http::exchange& x) {
        std::exception_ptr thrown;
        try {
            auto const answered = co_await attempt(x);
            if (answered) co_return json_response(200, *answered);
            co_return refused(as_told(answered.error()));
        } catch (...) {
            thrown = std::current_exception();
        }
        co_return refused(as_told(refusal_of(std::move(thrown))));
    }

private:
    [[nodiscard]] refusal as_told(refusal why) const {
        why.code = what_.told(why.code);
        return why;
    }

    task<answer<Reply>> attempt(http::exchange& x) {
        if (!what_.open && x.who->what == auth::principal::kind::anonymous)
            co_return refusal(code::unauthenticated,
                              "this call needs a token: Authorization: Bearer TOKEN");
        Asked asked;
        if (x.route->body == http::body_rule::none) {
            if (auto const ok = read_query(x.head.query, asked); !ok) co_return ok.error();
        } else if (auto const ok = co_await read_body(x, asked); !ok) {
            co_return ok.error();
        }
        if (!in_path_.empty()) {
            auto const ok = read_path(in_path_, x.parameters.front(), asked);
            if (!ok) co_return ok.error();
        }
        call c;
        c.who = x.who;
        c.from = x.peer;
        c.once = x.head.field("Idempotency-Key");
        co_return co_await (service_.*function_)(c, std::move(asked));
    }

    method const& what_;
    Service& service_;
    function function_;
    std::string in_path_;
};

// For a table. `in_path`: the field that the path names; empty: none.
template <class Service, class Asked, class Reply>
http::handler calling(method const& m, Service& s,
                      task<answer<Reply>> (Service::*f)(call const&, Asked),
                      std::string in_path = {}) {
    auto const h = std::make_shared<json_method<Service, Asked, Reply>>(m, s, f, in_path);
    return [h](http::exchange& x) { return h->serve(x); };
}

}  // namespace

http::response json_dialect::refuse(http::exchange const&, failure const& f) const {
    return refused(refusal(f));
}

http::response json_dialect::no_route(unsigned status) const {
    if (status == 405)
        return json_response(
            405, status_of({code::unimplemented, "this address does not take that method"}));
    return refused({code::not_found, "there is nothing at this address"});
}

std::vector<http::door> json_doors(services& all) {
    using http::method;
    using enum http::body_rule;
    using releases = helm_release_service;
    static json_dialect const words;
    constexpr auto anybody = std::nullopt;  // the services ask who is calling

    auto& r = all.releases;
    auto const list = calling(methods::list_releases, r, &releases::list);
    auto const get = calling(methods::get_release, r, &releases::get, "id");
    auto const install = calling(methods::install, r, &releases::install);
    auto const update = calling(methods::update, r, &releases::update, "id");
    auto const uninstall = calling(methods::uninstall, r, &releases::uninstall, "id");
    auto& o = all.operations;
    auto const follow = calling(methods::get_operation, o, &operation_service::get, "operation_id");
    auto const cancel =
        calling(methods::cancel_operation, o, &operation_service::cancel, "operation_id");
    auto& e = all.endpoints;
    auto const endpoints = calling(methods::list_endpoints, e, &api_endpoint_service::list);
    auto const endpoint =
        calling(methods::get_endpoint, e, &api_endpoint_service::get, "api_endpoint_id");
    auto const exchange = calling(methods::create_token, all.tokens, &iam_token_service::create);

#define RELEASES "/managed-kubernetes/marketplace/v1/helm-releases"
    // clang-format off
    return {
        {"/managed-kubernetes/", &words, {
            // verb         pattern                              permission body      check    handler
            {method::get,   RELEASES "",                         anybody,   none,     nullptr, list},
            {method::get,   RELEASES "/{id}",                    anybody,   none,     nullptr, get},
            {method::post,  RELEASES ":install",                 anybody,   document, nullptr, install},
            {method::patch, RELEASES "/{id}",                    anybody,   document, nullptr, update},
            {method::post,  RELEASES "/uninstall/{id}:uninstall", anybody,  none,     nullptr, uninstall},
        }},
        {"/operations/", &words, {
            {method::get,   "/operations/{operation_id}:cancel", anybody,   none,     nullptr, cancel},
            {method::post,  "/operations/{operation_id}:cancel", anybody,   none,     nullptr, cancel},
            {method::get,   "/operations/{operation_id}",        anybody,   none,     nullptr, follow},
        }},
        {"/endpoints", &words, {
            {method::get,   "/endpoints",                        anybody,   none,     nullptr, endpoints},
            {method::get,   "/endpoints/{api_endpoint_id}",      anybody,   none,     nullptr, endpoint},
        }},
        {"/iam/", &words, {
            {method::post,  "/iam/v1/tokens",                    anybody,   document, nullptr, exchange},
        }},
    };
    // clang-format on
#undef RELEASES
}

}  // namespace pilothouse::rpc
