#include "server/gitlab/release_handlers.hpp"

#include "base/pause.hpp"
#include "base/quantity.hpp"
#include "server/gitlab/event_stream.hpp"
#include "server/http/content_negotiation.hpp"
#include "server/http/field_syntax.hpp"
#include "server/http/request_limiter.hpp"
#include "server/shapes/release_shapes.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::gitlab {

namespace {

using namespace std::chrono_literals;
using shapes::shape_of;

constexpr std::int64_t event_wait_max = 30;  // seconds
constexpr auto between_looks = 250ms;
constexpr std::size_t all_releases = 10'000;

// `values` is a YAML document, `set` a list of KEY=YAML over it.
release::values_given values_asked(parameters& asked) {
    release::values_given given;
    if (auto text = asked.text("values"); text && !text->empty())
        given.documents.emplace_back(std::move(*text));
    for (auto const& pair : asked.list("set")) {
        auto const equals = pair.find('=');
        if (equals == std::string::npos || equals == 0) {
            asked.complain("set is invalid: each is a text like a.b=1");
            continue;
        }
        given.pairs.push_back({pair.substr(0, equals), secret(pair.substr(equals + 1))});
    }
    return given;
}

// Of whatever is waited for.
storage::operation_options waiting_asked(parameters& asked) {
    storage::operation_options how;
    how.timeout = 0s;  // as the server has it
    if (auto const text = asked.text("timeout"); text && !text->empty()) {
        auto const time = parse_duration(*text);
        if (!time || *time <= 0s) asked.complain("timeout is invalid: it is a time like 90s or 5m");
        how.timeout = time.value_or(0s);
    }
    how.wait = asked.flag("wait").value_or(true);
    return how;
}

storage::operation_options options_asked(parameters& asked) {
    auto how = waiting_asked(asked);
    how.wait_for_jobs = asked.flag("wait_for_jobs").value_or(false);
    how.rollback_on_failure = asked.flag("rollback_on_failure").value_or(false);
    how.force_conflicts = asked.flag("force_conflicts").value_or(false);
    how.namespaced_only = asked.flag("namespaced_only").value_or(false);
    how.skip_hooks = asked.flag("skip_hooks").value_or(false);
    return how;
}

release::install_request install_asked(rest_request& r) {
    release::install_request wanted;
    r.asked.require({"product_version_id"});
    wanted.version = r.asked.text("product_version_id").value_or("");
    wanted.name = r.asked.text("name").value_or("");
    wanted.name_space = r.asked.text("namespace").value_or("");
    wanted.values = values_asked(r.asked);
    wanted.options = options_asked(r.asked);
    return wanted;
}

release::update_request update_asked(rest_request& r) {
    release::update_request wanted;
    wanted.release = r.path(1);
    wanted.version = r.asked.text("product_version_id").value_or("");
    wanted.values = values_asked(r.asked);
    wanted.reset_values = r.asked.flag("reset_values").value_or(false);
    wanted.options = options_asked(r.asked);
    return wanted;
}

// What was asked for goes on behind the answer.
http::response queued(storage::begun const& begun) { return shown(202, shape_of(begun.operation)); }

}  // namespace

rest_result release_handlers::foreign(rest_request& r) {
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.read.foreign(r.grant()));
    co_return paged(r, page, all, [](release::listed_release const& one) { return shape_of(one); });
}

rest_result release_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    storage::release_filter filter;
    filter.name_space = r.asked.text("namespace").value_or("");
    filter.name = r.asked.text("name").value_or("");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    storage::release_place const start;
    auto const all = co_await uses_.read.list(r.grant(), std::move(filter), start, all_releases);
    co_return paged(r, page, all, [](storage::release_record const& one) { return shape_of(one); });
}

rest_result release_handlers::install(rest_request& r) {
    auto wanted = install_asked(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const begun,
                      co_await uses_.change.install(r.grant(), std::move(wanted)));
    co_return queued(begun);
}

rest_result release_handlers::diff_install(rest_request& r) {
    auto wanted = install_asked(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.diff.install(r.grant(), std::move(wanted)));
    co_return shown(200, shape_of(all));
}

rest_result release_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.read.find(r.grant(), r.path(1)));
    co_return shown(200, shape_of(found));
}

rest_result release_handlers::update(rest_request& r) {
    auto wanted = update_asked(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const begun, co_await uses_.change.update(r.grant(), std::move(wanted)));
    co_return queued(begun);
}

// What needs nothing but the release, and how to do it.
rest_result release_handlers::ask(rest_request& r, storage::operation_options options,
                                  change what) {
    release::release_request wanted;
    wanted.release = r.path(1);
    wanted.options = options;
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const begun,
                      co_await (uses_.change.*what)(r.grant(), std::move(wanted)));
    co_return queued(begun);
}

rest_result release_handlers::uninstall(rest_request& r) {
    return ask(r, options_asked(r.asked), &release::change_release::uninstall);
}

rest_result release_handlers::roll_back(rest_request& r) {
    release::rollback_request wanted;
    wanted.release = r.path(1);
    auto const revision = r.asked.integer("revision").value_or(0);
    if (revision < 0 || revision > std::numeric_limits<int>::max())
        r.asked.complain("revision is invalid");
    wanted.revision = static_cast<int>(revision);
    wanted.options = options_asked(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const begun,
                      co_await uses_.change.rollback(r.grant(), std::move(wanted)));
    co_return queued(begun);
}

rest_result release_handlers::stop(rest_request& r) {
    return ask(r, waiting_asked(r.asked), &release::change_release::stop);
}

rest_result release_handlers::restart(rest_request& r) {
    return ask(r, waiting_asked(r.asked), &release::change_release::restart);
}

rest_result release_handlers::diff(rest_request& r) {
    auto wanted = update_asked(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.diff.update(r.grant(), std::move(wanted)));
    co_return shown(200, shape_of(all));
}

rest_result release_handlers::drift(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.read.drift(r.grant(), r.path(1)));
    co_return shown(200, shape_of(all));
}

rest_result release_handlers::history(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.read.history(r.grant(), r.path(1)));
    co_return shown(200, shape_of(all));
}

rest_result release_handlers::values(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const values, co_await uses_.read.values(r.grant(), r.path(1)));
    json::object const told{{"values", release::values_as_yaml(values).reveal()}};
    co_return shown(200, told);
}

rest_result release_handlers::operations(rest_request& r) {
    auto const page = page_of(r);
    auto release = r.asked.text("release_id").value_or("");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const some =
        co_await uses_.read.operations(r.grant(), std::move(release), page.skipped(), page.size);
    co_return shown(200, shape_of(some));
}

rest_result release_handlers::operation(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.read.operation(r.grant(), r.path(1)));
    co_return shown(200, shape_of(found));
}

rest_result release_handlers::events(rest_request& r) {
    auto const accept = http::joined_lines(r.x.head, "Accept").value_or("");
    if (http::names_type(accept, event_stream_type)) co_return co_await stream_events(r);
    auto const after = r.asked.integer("after").value_or(0);
    auto const wait = r.asked.integer("wait").value_or(0);
    if (wait < 0 || wait > event_wait_max) r.asked.complain("wait is from 0 to 30 seconds");
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(wait);
    for (;;) {
        // First how it stands, then what happened: so nothing of its end is left untold.
        PILOTHOUSE_CO_TRY(auto const stands, co_await uses_.read.operation(r.grant(), r.path(1)));
        PILOTHOUSE_CO_TRY(auto const told, co_await uses_.read.events(r.grant(), r.path(1), after));
        bool const done = stands.state == storage::operation_state::done;
        if (!told.empty() || done || std::chrono::steady_clock::now() >= until)
            co_return shown(200, shape_of(told)).header("Vary", "Accept");
        co_await pause_for(between_looks);
    }
}

rest_result release_handlers::stream_events(rest_request& r) {
    auto const seen = r.x.head.field("Last-Event-ID");
    // To whom nothing is left to be told: such a client does not come again.
    if (seen == last_message_id) co_return no_content();
    auto after = r.asked.integer("after").value_or(0);
    if (!seen.empty()) {
        auto const number = number_in(std::string(seen));
        if (!number) r.asked.complain("Last-Event-ID is not the id of an event");
        if (number) after = *number;
    }
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const stands, co_await uses_.read.operation(r.grant(), r.path(1)));
    PILOTHOUSE_CO_TRY(auto slot, uses_.streams.take(http::caller_of(r.x.who.get(), r.x.peer)));
    auto const again = r.x.let_in_by == nullptr ? nullptr : r.x.let_in_by->ask_again(r.x);
    co_return stream_answer(std::make_shared<event_stream>(
        event_stream::parts{uses_.read, r.grant(), again, std::move(slot), {}}, stands.id, after));
}

rest_result release_handlers::cancel(rest_request& r) {
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const cancelled, co_await uses_.read.cancel(r.grant(), r.path(1)));
    co_return shown(200, shape_of(cancelled));
}

}  // namespace pilothouse::gitlab
