#include "server/qovery/history_handlers.hpp"

#include "server/http/content_negotiation.hpp"
#include "server/http/field_syntax.hpp"
#include "server/qovery/history_shapes.hpp"
#include "server/qovery/shapes.hpp"

#include <algorithm>

namespace pilothouse::qovery {

namespace {

using deploy::environment_right;

constexpr std::size_t listed_usually = 20;

using row = json::object (*)(past_deployment const&);

json::array rows_of(std::vector<storage::deployment_record> const& all,
                    deploy::service_view const& of, row shape) {
    json::array rows;
    for (auto const& one : all) rows.push_back(shape({one, of}));
    return rows;
}

}  // namespace

answer history_handlers::of_service(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const view, co_await uses_.deployments.look(a));
    auto const all = co_await uses_.deployments.history(a, listed_usually);
    co_return shown(200, history_shape(listed_usually, rows_of(all, view, service_history_row)));
}

answer history_handlers::of_service_v2(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const size, r.page_size());
    PILOTHOUSE_CO_TRY(auto const view, co_await uses_.deployments.look(a));
    auto const all = co_await uses_.deployments.history(a, size);
    co_return shown(200, history_shape(size, rows_of(all, view, service_history_row_v2)));
}

answer history_handlers::of_environment(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const views, co_await uses_.deployments.look(a));
    auto const all = co_await newest_of(a, views, listed_usually);
    json::array rows;
    for (auto const& one : all) rows.push_back(environment_history_row({one.asked, *one.of}));
    co_return shown(200, history_shape(listed_usually, std::move(rows)));
}

answer history_handlers::of_environment_v2(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await environment(r, environment_right::see));
    PILOTHOUSE_CO_TRY(auto const size, r.page_size());
    PILOTHOUSE_CO_TRY(auto const views, co_await uses_.deployments.look(a));
    auto const all = co_await newest_of(a, views, size);
    json::array rows;
    for (auto const& one : all)
        rows.push_back(environment_history_row_v2({one.asked, *one.of}, a.environment.uuid));
    co_return shown(200, history_shape(size, std::move(rows)));
}

task<std::vector<history_handlers::one_of_many>> history_handlers::newest_of(
    deploy::environment_access const& where, std::vector<deploy::service_view> const& views,
    std::size_t count) {
    std::vector<one_of_many> all;
    for (auto const& view : views) {
        deploy::service_access to{{where}, view.service};
        auto const some = co_await uses_.deployments.history(to, count);
        for (auto const& one : some) all.push_back({one, &view});
    }
    std::ranges::sort(all, [](one_of_many const& a, one_of_many const& b) {
        return a.asked.created > b.asked.created;
    });
    if (all.size() > count) all.resize(count);
    co_return all;
}

answer history_handlers::difference(request& r) {
    PILOTHOUSE_CO_TRY(auto const a, co_await service(r, environment_right::deploy));
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.deployments.deployment(a, r.uuid(1)));
    if (found.kind != storage::deployment_kind::dry_run)
        co_return failure(errc::not_found, "that deployment is no dry run");
    auto const accept = http::joined_lines(r.x.head, "Accept").value_or("");
    bool const as_json = http::names_type(accept, "application/json");
    http::response told(200);
    told.header("Content-Type", as_json ? "application/json" : "text/plain; charset=utf-8");
    told.header("Cache-Control", "no-store");
    told.header("X-Content-Type-Options", "nosniff");
    told.header("Vary", "Accept");
    auto body = as_json ? found.result : difference_text(found.result);
    if (as_json && body.empty()) body = "[]";
    told.body(std::move(body));
    co_return told;
}

}  // namespace pilothouse::qovery
