#include "server/openapi/routes.hpp"

#include "base/base64.hpp"
#include "base/sha256.hpp"
#include "server/http/conditional.hpp"
#include "server/http/problem.hpp"
#include "server/http/response.hpp"
#include "server/openapi/document.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::openapi {

namespace {

std::string joined(std::vector<std::string_view> const& pieces) {
    std::string all;
    for (auto const piece : pieces) all += piece;
    return all;
}

// One text that stays as it is while the server runs. Thread-safe.
class fixed_text {
public:
    fixed_text(std::string_view type, std::string text, std::string policy = {})
        : type_(type),
          policy_(std::move(policy)),
          etag_('"' + sha256(text).hex() + '"'),
          text_(std::move(text)) {}

    task<http::response> serve(http::exchange& x) const {
        auto const verdict = http::evaluate(x.head, http::resource_state{etag_, {}});
        http::response r(http::status_of(verdict));
        r.header("ETag", etag_);
        r.header("Cache-Control", "no-cache");
        r.header("X-Content-Type-Options", "nosniff");
        if (!policy_.empty()) r.header("Content-Security-Policy", policy_);
        if (verdict == http::verdict::proceed) {
            r.header("Content-Type", type_);
            r.body(std::vector{text_});
        }
        co_return r;
    }

private:
    std::string_view type_;
    std::string policy_;
    std::string etag_;
    shared_bytes text_;
};

std::string document_at(std::string const& base_path) {
    constexpr std::string_view here = R"("servers":[{"url":"/"}])";
    auto text = joined(document_pieces());
    if (!base_path.empty())
        text.replace(text.find(here), here.size(), R"("servers":[{"url":")" + base_path + R"("}])");
    return text;
}

// Nothing but the page's own style, known by its hash.
std::string policy_of(std::string_view page) {
    constexpr std::string_view open = "<style>";
    auto const begin = page.find(open) + open.size();
    auto const style = page.substr(begin, page.find("</style>") - begin);
    return "default-src 'none'; style-src 'sha256-" + encode_base64(sha256(style).bytes()) +
           "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace

http::door openapi_door(std::string const& base_path) {
    using http::body_rule;
    using http::method;
    static http::problem_words const plain_words;
    constexpr auto anybody = std::nullopt;

    auto const text = std::make_shared<fixed_text>("application/json", document_at(base_path));
    auto html = joined(page_pieces());
    auto policy = policy_of(html);
    auto const page = std::make_shared<fixed_text>("text/html; charset=utf-8", std::move(html),
                                                   std::move(policy));
    auto const document = [text](http::exchange& x) { return text->serve(x); };
    auto const docs = [page](http::exchange& x) { return page->serve(x); };
    // clang-format off
    return {"/api/", &plain_words, {
        // verb       pattern              permission  body             check    handler
        {method::get, "/api/openapi.json", anybody,    body_rule::none, nullptr, document},
        {method::get, "/api/docs",         anybody,    body_rule::none, nullptr, docs},
    }};
    // clang-format on
}

}  // namespace pilothouse::openapi
