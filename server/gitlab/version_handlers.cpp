#include "chart/chart_version.hpp"
#include "chart/version_range.hpp"
#include "server/gitlab/channel_handlers.hpp"
#include "server/gitlab/channel_shapes.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace pilothouse::gitlab {

namespace {

using auth::permission;
using registry::version_choice;

// What is there and says nothing must not mean everything.
bool says_nothing(parameters& asked, std::string_view name) {
    bool const nothing = asked.is_empty(name) || (asked.has(name) && asked.list(name).empty());
    if (nothing) asked.complain(std::string(name) + " is empty");
    return nothing;
}

version_choice choice_asked(parameters& asked) {
    version_choice which;
    if (!says_nothing(asked, "chart")) which.chart = asked.text("chart");
    if (which.chart && !chart::chart_name::parse(*which.chart)) asked.complain("chart is invalid");
    if (!says_nothing(asked, "versions")) which.versions = asked.list("versions");
    auto const is_version = [](std::string const& v) {
        return chart::chart_version::parse(v).has_value();
    };
    if (!std::ranges::all_of(which.versions, is_version)) asked.complain("versions is invalid");
    auto const range =
        says_nothing(asked, "range") ? std::optional<std::string>() : asked.text("range");
    if (!range) return which;
    if (auto parsed = chart::version_range::parse(*range))
        which.range = std::move(*parsed);
    else
        asked.complain("range is invalid");
    return which;
}

// The same of one chart, which has to be named.
version_choice choice_of_chart(parameters& asked) {
    auto which = choice_asked(asked);
    if (!asked.is_empty("chart")) asked.require({"chart"});
    return which;
}

std::optional<chart::channel_name> target_asked(parameters& asked) {
    asked.require({"to"});
    auto const text = asked.text("to");
    if (!text) return std::nullopt;
    auto const name = chart::channel_name::parse(*text);
    if (!name) asked.complain("to is invalid");
    return name ? std::optional(*name) : std::nullopt;
}

// By number or path. Nothing has a number that does not fit, so it is as unknown as any other.
auth::project_reference project_asked(parameters& asked, storage::project_id otherwise) {
    auto const text = asked.text("to_project");
    if (asked.is_empty("to_project")) asked.complain("to_project is empty");
    if (!text) return otherwise;
    if (text->find_first_not_of("0123456789") != std::string::npos) return *text;
    auto const number = number_in(*text);
    return storage::project_id{number ? *number : 0};
}

template <class Row>
http::response all_of(std::vector<Row> const& rows, json::object (*shape)(Row const&)) {
    json::array all;
    for (auto const& row : rows) all.push_back(shape(row));
    return shown(201, all);
}

failure nothing_there() { return {errc::not_found, "the channel holds nothing of that name"}; }

}  // namespace

rest_result version_handlers::list(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto const page = page_of(r);
    auto chart = r.asked.text("chart");
    if (r.asked.is_empty("chart")) chart.reset();
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const there = co_await uses_.channels.find(r.grant(), channel);
    if (!there) co_return there.error();
    auto const all = co_await uses_.charts.versions(r.grant(), channel, std::move(chart));
    co_return paged(r, page, all, version_shape);
}

rest_result version_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    PILOTHOUSE_CO_TRY(auto const found,
                      co_await uses_.charts.version(r.grant(), channel, r.path(2), r.path(3)));
    co_return shown(200, version_shape(found));
}

rest_result version_handlers::remove(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto const part = [&r](std::size_t at) {
        return r.x.parameters.size() > at ? std::optional(r.path(at)) : std::nullopt;
    };
    auto chart = part(2);
    auto version = part(3);
    if (chart && !chart::chart_name::parse(*chart)) co_return nothing_there();
    auto const gone =
        co_await uses_.remove(r.grant(), channel, std::move(chart), std::move(version));
    if (!gone) co_return gone.error();
    co_return no_content();
}

// A whole channel is promoted only where somebody says so.
rest_result version_handlers::promote(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const from, channel_of(r));
    auto const to = target_asked(r.asked);
    auto const project = project_asked(r.asked, r.grant().project().id);
    auto which = choice_asked(r.asked);
    bool const all = r.asked.flag("all").value_or(false);
    bool const move = r.asked.flag("move").value_or(false);
    if (!r.asked.has("chart") && !r.asked.has("range") && !all)
        r.asked.complain("chart, range, all are missing, at least one parameter must be provided");
    if (all && (which.chart || which.range)) r.asked.complain("all is invalid");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();

    auto const right = move ? permission::remove_chart : permission::read_chart;
    PILOTHOUSE_CO_TRY(auto const source, co_await also(r, right, r.grant().project().id));
    PILOTHOUSE_CO_TRY(auto const target, co_await also(r, permission::push_chart, project));
    registry::promotion_request request{from, *to, std::move(which), move};
    PILOTHOUSE_CO_TRY(auto const done, co_await uses_.promote(source, target, std::move(request)));
    co_return all_of(done, promoted_shape);
}

rest_result version_handlers::deprecate(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto const which = choice_of_chart(r.asked);
    auto reason = r.asked.text("reason").value_or("");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const marked,
                      co_await uses_.marks.deprecate(r.grant(), channel, which, std::move(reason)));
    co_return all_of(marked, version_shape);
}

rest_result version_handlers::undeprecate(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto const which = choice_of_chart(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const marked,
                      co_await uses_.marks.undeprecate(r.grant(), channel, which));
    co_return all_of(marked, version_shape);
}

// Which versions has to be said: a forgotten word must not take a chart away.
rest_result version_handlers::yank(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto const which = choice_of_chart(r.asked);
    auto reason = r.asked.text("reason").value_or("");
    r.asked.require({"reason"});
    if (!r.asked.has("versions") && !r.asked.has("range"))
        r.asked.complain("versions, range are missing, at least one parameter must be provided");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const marked,
                      co_await uses_.marks.yank(r.grant(), channel, which, std::move(reason)));
    co_return all_of(marked, version_shape);
}

rest_result version_handlers::unyank(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const channel, channel_of(r));
    auto const which = choice_of_chart(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const marked, co_await uses_.marks.unyank(r.grant(), channel, which));
    co_return all_of(marked, version_shape);
}

}  // namespace pilothouse::gitlab
