#include "notify/deliver.hpp"

#include "notify/hook_watch.hpp"
#include "notify/seen_operation.hpp"
#include "notify/webhook_secret.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

namespace pilothouse::notify {

namespace {

using storage::delivery_record;
using storage::delivery_state;

constexpr std::size_t error_bytes_max = 500;

task<sent> attempt(delivery_parts const& parts, storage::due_delivery const& due) {
    auto key = parts.keys.open(due.hook.sealed_secret, webhook_purpose(due.hook.project));
    sent s;
    s.error = "the webhook's secret cannot be opened: give it a new one";
    if (!key) co_return s;
    outgoing what{due.hook.url, due.delivery.message, parts.time.now(), due.delivery.document,
                  *std::move(key)};
    co_return co_await parts.sender.send(std::move(what));
}

void note_answer(delivery_record& d, sent const& answer) {
    ++d.attempts;
    d.status = answer.status;
    d.duration = answer.duration;
    d.error = answer.error.substr(0, error_bytes_max);
}

delivery_outcome outcome_of(delivery_state state) noexcept {
    switch (state) {
        case delivery_state::delivered: return delivery_outcome::delivered;
        case delivery_state::failed: return delivery_outcome::failed;
        case delivery_state::waiting: break;
    }
    return delivery_outcome::again;
}

}  // namespace

std::string_view name_of(delivery_outcome what) noexcept {
    switch (what) {
        case delivery_outcome::delivered: return "delivered";
        case delivery_outcome::again: return "again";
        case delivery_outcome::failed: return "failed";
        case delivery_outcome::dropped: return "dropped";
    }
    return "unknown";
}

void take_up(delivery_record& d, sent const& answer, retry_plan const& plan, instant now) {
    note_answer(d, answer);
    if (answer.error.empty()) {
        d.state = delivery_state::delivered;
    } else if (auto const pause = plan.pause_after(d.attempts); pause && !d.test) {
        d.next = now + *pause;
    } else {
        d.state = delivery_state::failed;
    }
}

task<delivered> deliver(delivery_parts const& parts, storage::due_delivery due,
                        std::atomic<bool> const& stopping) {
    // At each attempt: whoever is to hear of it may see less by now, or be another.
    if (!due.delivery.operation.empty())
        due.delivery.document = co_await document_of(parts, due.delivery.operation, due.hook);
    if (due.delivery.document.empty()) {
        auto const gone = co_await parts.deliveries.remove(due.delivery.number);
        static_cast<void>(gone);  // whoever took it before
        co_return delivered{};
    }
    auto const answer = co_await attempt(parts, due);
    if (stopping && !answer.error.empty()) co_return delivered{delivery_outcome::again};
    storage::record_change<delivery_record> const change = [&](delivery_record& d) -> result<void> {
        // Somebody sent it again meanwhile, or switched the webhook off.
        if (d.state != delivery_state::waiting && !answer.error.empty()) return {};
        d.document = due.delivery.document;
        take_up(d, answer, parts.plan, parts.time.now());
        return {};
    };
    auto const noted = co_await parts.deliveries.note(due.delivery.number, change);
    if (!noted && noted.error().code == errc::not_found)
        co_return delivered{};  // the webhook is gone, and this with it
    if (!noted) throw std::runtime_error(noted.error().detail + " " + noted.error().cause);
    auto const turn = co_await note_at_hook(parts, due.hook, answer.error.empty());
    co_return delivered{outcome_of(noted->state), turn};
}

task<result<delivery_record>> deliver_again(delivery_parts const& parts,
                                            storage::due_delivery what) {
    if (!what.delivery.operation.empty())
        what.delivery.document = co_await document_of(parts, what.delivery.operation, what.hook);
    if (what.delivery.document.empty())
        co_return failure(errc::wrong_state,
                          "what it tells of is forgotten, or may not be told to this webhook");
    auto const answer = co_await attempt(parts, what);
    bool const taken = answer.error.empty();
    storage::record_change<delivery_record> const change = [&](delivery_record& d) -> result<void> {
        d.document = what.delivery.document;
        auto const counted = d.attempts;
        note_answer(d, answer);
        // The plan counts the server's own attempts alone.
        if (!taken && d.state == delivery_state::waiting) d.attempts = counted;
        if (taken) d.state = delivery_state::delivered;
        return {};
    };
    auto noted = co_await parts.deliveries.note(what.delivery.number, change);
    if (!noted) co_return noted.error();
    // Somebody asked for it: that it failed does not count.
    if (taken) co_await note_at_hook(parts, what.hook, true);
    co_return *std::move(noted);
}

}  // namespace pilothouse::notify
