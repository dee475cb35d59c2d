#include "server/operator/routes.hpp"

#include "server/http/problem.hpp"
#include "server/http/response.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <memory>
#include <string>
#include <utility>

namespace pilothouse::operators {

namespace {

http::response text_answer(std::string_view content_type, std::string body) {
    http::response r(200);
    r.header("Content-Type", content_type);
    r.header("Cache-Control", "no-store");
    r.header("X-Content-Type-Options", "nosniff");
    r.body(std::move(body));
    return r;
}

// Thread-safe.
class operator_handlers {
public:
    explicit operator_handlers(operator_parts parts) : parts_(std::move(parts)) {}

    // The loop answers, so it is alive; nothing else is asked.
    task<http::response> live(http::exchange&) {
        co_return text_answer("application/json", R"({"status":"live"})");
    }

    task<http::response> ready(http::exchange&) {
        auto const verdict = co_await parts_.ready();
        if (verdict) co_return text_answer("application/json", R"({"status":"ready"})");
        auto const& why = verdict.error();
        auto answer = http::problem(503, name_of(why.code), why.detail);
        answer.because(why.cause);
        co_return answer;
    }

    task<http::response> metrics(http::exchange&) {
        co_return text_answer("text/plain; version=0.0.4; charset=utf-8", parts_.metrics.text());
    }

    // Of the listener that is for measuring: clients of charts have their own address.
    task<http::response> measurements(http::exchange&) {
        co_return text_answer("text/plain; charset=utf-8",
                              "Pilothouse " + std::string(parts_.version) +
                                  ": its measurements.\n\n  GET /metrics\n  GET /-/live\n  GET "
                                  "/-/ready\n\nCharts are served at another address (setting "
                                  "listen).\n");
    }

    task<http::response> welcome(http::exchange& x) {
        auto const host = std::string(x.tls ? "https://" : "http://") + std::string(x.head.host) +
                          parts_.base_path;
        co_return text_answer(
            "text/plain; charset=utf-8",
            "Pilothouse " + std::string(parts_.version) +
                ", a Helm chart registry.\n\n"
                "  helm repo add NAME " +
                host +
                "/api/v4/projects/GROUP/PROJECT/packages/helm/CHANNEL\n"
                "  curl --user USER:TOKEN --form 'chart=@FILE.tgz' " +
                host + "/api/v4/projects/GROUP/PROJECT/packages/helm/api/CHANNEL/charts\n");
    }

private:
    operator_parts parts_;
};

}  // namespace

http::door operator_door(operator_parts parts, bool open_metrics) {
    using http::body_rule;
    using http::method;
    static http::problem_words const plain_words;
    std::optional<auth::permission> who_measures = auth::permission::administer;
    if (open_metrics) who_measures = std::nullopt;

    auto const h = std::make_shared<operator_handlers>(std::move(parts));
    auto const live = [h](http::exchange& x) { return h->live(x); };
    auto const ready = [h](http::exchange& x) { return h->ready(x); };
    auto const metrics = [h](http::exchange& x) { return h->metrics(x); };
    auto const welcome = [h, open_metrics](http::exchange& x) {
        return open_metrics ? h->measurements(x) : h->welcome(x);
    };
    constexpr auto anybody = std::nullopt;
    // clang-format off
    return {"/", &plain_words, {
        // verb       pattern     permission    body             check    handler
        {method::get, "/-/live",  anybody,      body_rule::none, nullptr, live},
        {method::get, "/-/ready", anybody,      body_rule::none, nullptr, ready},
        {method::get, "/metrics", who_measures, body_rule::none, nullptr, metrics},
        {method::get, "/",        anybody,      body_rule::none, nullptr, welcome},
    }};
    // clang-format on
}

}  // namespace pilothouse::operators
