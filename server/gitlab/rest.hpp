// What the handlers of GitLab's administration API have in common: their request, its errors, its
// answers in JSON, its pages.
#pragma once

#include "auth/grant.hpp"
#include "server/gitlab/parameters.hpp"
#include "server/gitlab/words.hpp"
#include "server/http/exchange.hpp"
#include "server/http/response.hpp"
#include "server/http/route.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::gitlab {

namespace json = boost::json;

// How this API words what went wrong.
class rest_words final : public http::dialect {
public:
    [[nodiscard]] http::response refuse(http::exchange const& x, failure const& f) const override;
    [[nodiscard]] http::response no_route(unsigned status) const override;
};

// Details of errc::not_found that GitLab words in ways of their own.
inline constexpr std::string_view no_project_token = "the project has no such access token";
inline constexpr std::string_view no_package_file = "the package has no such file";
inline constexpr std::string_view no_group_token = "the group has no such access token";

struct rest_request {
    http::exchange& x;
    parameters asked;
    std::string site;  // "https://host/base": what absolute addresses begin with

    [[nodiscard]] auth::grant const& grant() const { return *x.grant; }
    [[nodiscard]] std::string const& path(std::size_t index) const { return x.parameters[index]; }
};

using rest_result = task<result<http::response>>;
template <class Handlers>
using rest_handler = rest_result (Handlers::*)(rest_request&);

// What becomes of names that a route does not know: GitLab takes no notice of them. Ours refuse
// them where something is changed; their handlers ask for the verdict, always.
enum class unknown_names : bool { ignored, refused };

// Reads what is asked, calls the handler, words its failure.
template <class Handlers>
task<http::response> serve(std::shared_ptr<Handlers> handlers, rest_handler<Handlers> handler,
                           unknown_names unknown, http::exchange& x);

// For a table: what answers a route by a member of these handlers.
template <class Handlers>
http::handler calling(std::shared_ptr<Handlers> handlers, rest_handler<Handlers> handler,
                      unknown_names unknown = unknown_names::ignored) {
    return [handlers, handler, unknown](http::exchange& x) {
        return serve(handlers, handler, unknown, x);
    };
}

// As the client addressed this server, trusting X-Forwarded-Proto for the scheme alone.
[[nodiscard]] std::string site_of(http::exchange const& x, std::string_view base_path);

// The number in a path. errc::not_found: none, or one that nothing can have.
[[nodiscard]] result<std::int64_t> number_in(std::string const& text);

// --- answers

[[nodiscard]] http::response shown(unsigned status, json::value const& body);
[[nodiscard]] http::response no_content();
// 202 {"message":"202 Accepted"}
[[nodiscard]] http::response accepted();
// 400 {"message":{"path":["has already been taken"]}}
[[nodiscard]] http::response model_error(std::string_view field, std::string_view sentence);

// The same for a name that was given, and is empty.
[[nodiscard]] http::response blank_name();

// `2026-11-21T12:36:55.123Z`; `2026-11-21`; null.
[[nodiscard]] std::string time_text(instant t);
[[nodiscard]] json::value date_or_null(std::optional<instant> const& t);
[[nodiscard]] json::value time_or_null(std::optional<instant> const& t);

// --- pages (GitLab's offset pagination)

struct page {
    std::size_t number = 1;  // from 1
    std::size_t size = 20;   // 1 to 100

    [[nodiscard]] std::size_t skipped() const noexcept { return (number - 1) * size; }
};

// Complains to r.asked of what is no number, or below 1. More than 100 a page are 100.
[[nodiscard]] page page_of(rest_request& r);

// 200 with the rows of a page, and the header fields that tell of the others.
[[nodiscard]] http::response paged(rest_request const& r, page const& p, std::size_t total,
                                   json::array rows);

// The same of what is at hand whole.
template <class Row, class Show>
http::response paged(rest_request const& r, page const& p, std::vector<Row> const& all, Show show) {
    json::array rows;
    auto const end = std::min(all.size(), p.skipped() + p.size);
    for (std::size_t i = p.skipped(); i < end; ++i) rows.push_back(show(all[i]));
    return paged(r, p, all.size(), std::move(rows));
}

template <class Handlers>
task<http::response> serve(std::shared_ptr<Handlers> handlers, rest_handler<Handlers> handler,
                           unknown_names unknown, http::exchange& x) {
    rest_words const w;
    auto asked = co_await parameters::read(x);
    if (!asked) co_return w.refuse(x, asked.error());
    if (unknown == unknown_names::refused) asked->refuse_unknown();
    rest_request r{x, std::move(*asked), site_of(x, handlers->base_path())};
    auto answered = co_await ((*handlers).*handler)(r);
    if (!answered) co_return w.refuse(x, answered.error());
    co_return std::move(*answered);
}

}  // namespace pilothouse::gitlab
