#include "notify/manage_webhooks.hpp"

#include "base/plain_text.hpp"
#include "client/reach.hpp"
#include "client/url.hpp"
#include "notify/deliver.hpp"
#include "notify/documents.hpp"
#include "notify/hook_rest.hpp"
#include "notify/hook_watch.hpp"
#include "notify/webhook_secret.hpp"
#include "storage/webhook_rules.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace pilothouse::notify {

namespace {

using auth::permission;
using storage::webhook_record;

constexpr std::size_t url_bytes_max = 2048;
constexpr std::size_t name_characters_max = 255;
constexpr int tries_at_once_max = 4;

// By host alone: what else is in the URL may be a secret of its receiver's.
auth::audited thing(webhook_record const& h) {
    auto const where = client::url::parse(h.url);
    return {"ProjectHook", h.id.value, where ? where->origin() : h.name};
}

std::string told(webhook_record const& h) {
    std::string on;
    if (h.on_push) on += " push";
    if (h.on_promotion) on += " promotion";
    if (h.on_deployment) on += " deployment";
    return (h.enabled ? "told of:" : "switched off; told of:") + (on.empty() ? " nothing" : on);
}

failure bad_url(std::string why) { return {errc::invalid_argument, "url: " + std::move(why)}; }

// A name is judged when it is looked up, at each attempt.
result<void> check_url(std::string const& text, bool allow_private) {
    if (text.size() > url_bytes_max) return bad_url("at most 2048 bytes");
    auto const where = client::url::parse(text);
    if (!where) return bad_url(where.error().detail);
    boost::system::error_code no_address;
    auto const address = boost::asio::ip::make_address(where->host(), no_address);
    if (no_address || allow_private || client::is_public(address)) return {};
    return bad_url(
        "this is no public address: the server's setting webhooks.allow_private is "
        "off");
}

result<void> check_name(std::string const& name) {
    return check_text("name", name, name_characters_max, text_shape::one_line);
}

result<std::optional<secret>> secret_of(webhook_changes const& changes) {
    if (changes.own_secret) {
        if (auto const good = check_webhook_secret(*changes.own_secret); !good) return good.error();
        return changes.own_secret;
    }
    return changes.fresh_secret ? std::optional(make_webhook_secret()) : std::nullopt;
}

void apply(webhook_record& h, webhook_changes const& changes) {
    h.name = changes.name.value_or(h.name);
    h.url = changes.url.value_or(h.url);
    h.on_push = changes.on_push.value_or(h.on_push);
    h.on_promotion = changes.on_promotion.value_or(h.on_promotion);
    h.on_deployment = changes.on_deployment.value_or(h.on_deployment);
    h.enabled = changes.enabled.value_or(h.enabled);
}

void set_up_by(webhook_record& h, auth::grant const& g) {
    h.creator = g.who().user;
    h.by_operator = g.who().what == auth::principal::kind::local_operator;
}

bool names_occasions(webhook_changes const& c) {
    return c.on_push || c.on_promotion || c.on_deployment;
}

result<void> check(webhook_changes const& changes, bool allow_private) {
    if (changes.name)
        if (auto const good = check_name(*changes.name); !good) return good.error();
    if (changes.url) return check_url(*changes.url, allow_private);
    return {};
}

// One of the few who try something just now.
class turn_at {
public:
    explicit turn_at(std::atomic<int>& trying) : trying_(trying), number_(++trying) {}
    ~turn_at() { --trying_; }
    turn_at(turn_at const&) = delete;
    turn_at& operator=(turn_at const&) = delete;
    [[nodiscard]] bool mine() const noexcept { return number_ <= tries_at_once_max; }

private:
    std::atomic<int>& trying_;
    int number_;
};

failure others_are_tried() {
    return {errc::unavailable, "other webhooks are tried just now: try again"};
}

}  // namespace

task<result<told_webhook>> manage_webhooks::add(auth::grant const& g, webhook_changes wanted) {
    g.expect({permission::edit_project});
    if (!wanted.url) co_return bad_url("is missing");
    if (auto const good = check(wanted, parts_.allow_private); !good) co_return good.error();
    wanted.fresh_secret = !wanted.own_secret;
    PILOTHOUSE_CO_TRY(auto key, secret_of(wanted));
    webhook_record h;
    h.project = g.project().id;
    h.on_push = h.on_promotion = h.on_deployment = !names_occasions(wanted);
    apply(h, wanted);
    set_up_by(h, g);
    h.sealed_secret = parts_.below.keys.seal(*key, webhook_purpose(h.project));
    h.created = h.updated = parts_.below.time.now();
    PILOTHOUSE_CO_TRY(auto made, co_await parts_.below.hooks.create(std::move(h)));
    co_await parts_.audit.note(g, "webhook_created", thing(made), told(made));
    if (wanted.own_secret) key.reset();
    co_return told_webhook{std::move(made), std::move(key)};
}

task<result<webhook_record>> manage_webhooks::find(auth::grant const& g, storage::webhook_id id) {
    g.expect({permission::edit_project});
    co_return co_await parts_.below.hooks.find(g.project().id, id);
}

task<result<std::vector<webhook_record>>> manage_webhooks::list(auth::grant const& g) {
    g.expect({permission::edit_project});
    co_return co_await parts_.below.hooks.list(g.project().id);
}

task<result<told_webhook>> manage_webhooks::edit(auth::grant const& g, storage::webhook_id id,
                                                 webhook_changes changes) {
    g.expect({permission::edit_project});
    if (auto const good = check(changes, parts_.allow_private); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto key, secret_of(changes));
    storage::record_change<webhook_record> const change = [&](webhook_record& h) -> result<void> {
        forgive(h);
        apply(h, changes);
        set_up_by(h, g);
        if (key) h.sealed_secret = parts_.below.keys.seal(*key, webhook_purpose(h.project));
        h.updated = parts_.below.time.now();
        return {};
    };
    PILOTHOUSE_CO_TRY(auto edited, co_await parts_.below.hooks.edit(g.project().id, id, change));
    co_await parts_.audit.note(g, "webhook_updated", thing(edited),
                               told(edited) + (key ? "; with another secret" : ""));
    if (changes.own_secret) key.reset();
    co_return told_webhook{std::move(edited), std::move(key)};
}

task<result<void>> manage_webhooks::remove(auth::grant const& g, storage::webhook_id id) {
    g.expect({permission::edit_project});
    PILOTHOUSE_CO_TRY(auto const hook, co_await parts_.below.hooks.find(g.project().id, id));
    auto const gone = co_await parts_.below.hooks.remove(g.project().id, id);
    if (!gone) co_return gone.error();
    co_await parts_.audit.note(g, "webhook_destroyed", thing(hook));
    co_return result<void>();
}

task<result<storage::delivery_record>> manage_webhooks::test(auth::grant const& g,
                                                             storage::webhook_id id,
                                                             storage::occasion what) {
    g.expect({permission::edit_project});
    PILOTHOUSE_CO_TRY(auto hook, co_await parts_.below.hooks.find(g.project().id, id));
    auto const now = parts_.below.time.now();
    storage::delivery_record d;
    d.message = storage::new_message();
    d.hook = id;
    d.what = what;
    d.test = true;
    d.document = test_document(what, g.project(), now);
    d.created = now;
    turn_at const turn(trying_);
    if (!turn.mine()) co_return others_are_tried();
    co_return co_await try_once(std::move(hook), std::move(d));
}

// Written down when it is over: what waits would be sent by others, too.
task<result<storage::delivery_record>> manage_webhooks::try_once(webhook_record hook,
                                                                 storage::delivery_record d) {
    PILOTHOUSE_CO_TRY(auto key,
                      parts_.below.keys.open(hook.sealed_secret, webhook_purpose(hook.project)));
    outgoing what{hook.url, d.message, parts_.below.time.now(), d.document, std::move(key)};
    auto const answer = co_await parts_.below.sender.send(std::move(what));
    take_up(d, answer, retry_plan(), parts_.below.time.now());
    // Somebody asked for it: that it failed does not count.
    if (answer.error.empty()) co_await note_at_hook(parts_.below, hook, true);
    co_return co_await parts_.below.deliveries.add(std::move(d));
}

task<result<storage::delivery_record>> manage_webhooks::resend(auth::grant const& g,
                                                               storage::webhook_id id,
                                                               std::int64_t delivery) {
    g.expect({permission::edit_project});
    PILOTHOUSE_CO_TRY(auto hook, co_await parts_.below.hooks.find(g.project().id, id));
    PILOTHOUSE_CO_TRY(auto what, co_await parts_.below.deliveries.find(id, delivery));
    turn_at const turn(trying_);
    if (!turn.mine()) co_return others_are_tried();
    storage::due_delivery again{std::move(what), std::move(hook)};
    co_return co_await deliver_again(parts_.below, std::move(again));
}

task<result<std::vector<storage::delivery_record>>> manage_webhooks::deliveries(
    auth::grant const& g, storage::webhook_id id, std::size_t skip, std::size_t count) {
    g.expect({permission::edit_project});
    PILOTHOUSE_CO_TRY(auto const hook, co_await parts_.below.hooks.find(g.project().id, id));
    auto all = co_await parts_.below.deliveries.list(hook.id, skip, count);
    // What is told of a cluster is for whoever it was told for.
    bool const commands = g.who().what == auth::principal::kind::local_operator;
    bool const own = commands || (!hook.by_operator && hook.creator == g.who().user);
    for (auto& d : all)
        if (!own && !d.operation.empty()) d.document.clear();
    co_return all;
}

}  // namespace pilothouse::notify
