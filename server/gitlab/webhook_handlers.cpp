#include "server/gitlab/webhook_handlers.hpp"

#include "server/shapes/webhook_shapes.hpp"

#include <utility>

namespace pilothouse::gitlab {

namespace {

using shapes::shape_of;
using storage::webhook_id;

result<webhook_id> hook_in(rest_request const& r) {
    PILOTHOUSE_TRY(auto const number, number_in(r.path(1)));
    return webhook_id{number};
}

notify::webhook_changes webhook_changes_asked(parameters& asked) {
    notify::webhook_changes c;
    c.name = asked.text("name");
    c.url = asked.text("url");
    if (auto text = asked.text("signing_token"); text) c.own_secret = secret(*std::move(text));
    c.on_push = asked.flag("push_events");
    c.on_promotion = asked.flag("promotion_events");
    c.on_deployment = asked.flag("deployment_events");
    c.enabled = asked.flag("enabled");
    // Whoever asks for these would believe to be safe, or not to be.
    if (asked.has("token") && !asked.is_empty("token"))
        asked.complain("token is not supported: deliveries are signed, see signing_token");
    if (asked.flag("enable_ssl_verification") == false)
        asked.complain("enable_ssl_verification cannot be switched off");
    return c;
}

http::response told(unsigned status, notify::told_webhook const& hook) {
    auto shape = shape_of(hook.hook);
    if (hook.made) shape["signing_token"] = hook.made->reveal();
    return shown(status, shape);
}

http::response unprocessable_hook(std::string_view sentence) {
    return shown(422, json::object{{"message", sentence}});
}

bool is_about_the_hook(failure const& f) { return f.code == errc::conflict; }

}  // namespace

rest_result webhook_handlers::list(rest_request& r) {
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.hooks.list(r.grant()));
    co_return paged(r, page, all, [](auto const& hook) { return shape_of(hook); });
}

rest_result webhook_handlers::create(rest_request& r) {
    r.asked.require({"url"});
    auto wanted = webhook_changes_asked(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    auto const made = co_await uses_.hooks.add(r.grant(), std::move(wanted));
    if (!made && is_about_the_hook(made.error())) co_return unprocessable_hook(made.error().detail);
    if (!made) co_return made.error();
    co_return told(201, *made);
}

rest_result webhook_handlers::show(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, hook_in(r));
    PILOTHOUSE_CO_TRY(auto const hook, co_await uses_.hooks.find(r.grant(), id));
    co_return shown(200, shape_of(hook));
}

rest_result webhook_handlers::edit(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, hook_in(r));
    auto changes = webhook_changes_asked(r.asked);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const edited,
                      co_await uses_.hooks.edit(r.grant(), id, std::move(changes)));
    co_return told(200, edited);
}

rest_result webhook_handlers::remove(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, hook_in(r));
    auto const gone = co_await uses_.hooks.remove(r.grant(), id);
    if (!gone) co_return gone.error();
    co_return no_content();
}

rest_result webhook_handlers::test(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, hook_in(r));
    auto const what = shapes::occasion_of(r.path(2));
    if (!what)
        co_return failure(errc::invalid_argument,
                          "trigger does not have a valid value: push_events, promotion_events, "
                          "deployment_events");
    PILOTHOUSE_CO_TRY(auto const tried, co_await uses_.hooks.test(r.grant(), id, *what));
    if (tried.state != storage::delivery_state::delivered)
        co_return unprocessable_hook(tried.error);
    co_return shown(201, json::object{{"message", "201 Created"}});
}

rest_result webhook_handlers::events(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, hook_in(r));
    auto const page = page_of(r);
    if (auto const good = r.asked.verdict(); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto const hook, co_await uses_.hooks.find(r.grant(), id));
    constexpr auto all_kept = storage::deliveries_kept_max + storage::deliveries_waiting_max;
    PILOTHOUSE_CO_TRY(auto const all, co_await uses_.hooks.deliveries(r.grant(), id, 0, all_kept));
    co_return paged(r, page, all, [&](auto const& d) { return shape_of(d, hook.url); });
}

rest_result webhook_handlers::resend(rest_request& r) {
    PILOTHOUSE_CO_TRY(auto const id, hook_in(r));
    PILOTHOUSE_CO_TRY(auto const number, number_in(r.path(2)));
    PILOTHOUSE_CO_TRY(auto const sent, co_await uses_.hooks.resend(r.grant(), id, number));
    if (!sent.error.empty()) co_return unprocessable_hook(sent.error);
    co_return shown(201, json::object{{"response_status", sent.status}});
}

}  // namespace pilothouse::gitlab
