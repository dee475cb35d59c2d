#include "notify/hook_watch.hpp"

#include "client/url.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace pilothouse::notify {

namespace {

using storage::webhook_record;

std::string words_of(hook_turn turn, webhook_record const& h) {
    auto const failed = std::to_string(h.failures) + " attempts in a row failed";
    if (turn == hook_turn::switched_off) return failed + ": switched off";
    return failed + ": tried again " + to_rfc3339(h.disabled_until.value());
}

// Once for each cause: a rest that becomes longer is none.
task<void> tell(delivery_parts const& parts, webhook_record const& h, hook_turn turn) {
    if (turn != hook_turn::rests && turn != hook_turn::switched_off) co_return;
    auto const project = co_await parts.projects.find(h.project);
    auto const where = client::url::parse(h.url);
    storage::audit_event e;
    e.at = parts.time.now();
    e.what = turn == hook_turn::rests ? "webhook_rests" : "webhook_switched_off";
    e.by = "server";
    e.project = h.project;
    if (project) e.where = project->path;
    e.kind = "ProjectHook";
    e.thing = h.id.value;
    e.name = where ? where->origin() : h.name;
    e.detail = words_of(turn, h);
    co_await parts.audit.note(std::move(e));
}

}  // namespace

task<hook_turn> note_at_hook(delivery_parts const& parts, webhook_record const& as_sent,
                             bool taken) {
    if (taken && as_sent.failures == 0) co_return hook_turn::none;
    auto turn = hook_turn::none;
    storage::record_change<webhook_record> const change = [&](webhook_record& h) -> result<void> {
        bool const edited = h.updated != as_sent.updated;
        if (!edited) turn = note_attempt(h, taken, parts.rest, parts.time.now());
        return {};
    };
    auto const noted = co_await parts.hooks.edit(as_sent.project, as_sent.id, change);
    if (!noted && noted.error().code == errc::not_found) co_return hook_turn::none;
    if (!noted) throw std::runtime_error(noted.error().detail + " " + noted.error().cause);
    co_await tell(parts, *noted, turn);
    co_return turn;
}

}  // namespace pilothouse::notify
