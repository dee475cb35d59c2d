// The webhooks of a project: made, changed, tried, removed.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "notify/delivery_parts.hpp"
#include "storage/webhook_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::notify {

// What is to change; empty: stays.
struct webhook_changes {
    std::optional<std::string> name, url;
    std::optional<secret> own_secret;  // `whsec_…`
    bool fresh_secret = false;         // one that the server makes
    std::optional<bool> on_push, on_promotion, on_deployment, enabled;
};

struct told_webhook {
    storage::webhook_record hook;
    std::optional<secret> made;  // where the server made a secret: it is never shown again
};

// Thread-safe. The project is the grant's; needs edit_project.
class manage_webhooks {
public:
    struct parts {
        delivery_parts below;
        auth::auditor& audit;
        bool allow_private = false;  // as the sender has it: to refuse an address at once
    };
    explicit manage_webhooks(parts const& p) : parts_(p) {}

    // Where no occasion is named, it is told of all. errc::invalid_argument: no URL, or one that
    // cannot be, a name that is none, a secret in another form; errc::conflict: too many.
    [[nodiscard]] task<result<told_webhook>> add(auth::grant const& g, webhook_changes wanted);
    [[nodiscard]] task<result<storage::webhook_record>> find(auth::grant const& g,
                                                             storage::webhook_id id);
    [[nodiscard]] task<result<std::vector<storage::webhook_record>>> list(auth::grant const& g);
    // As above, and errc::not_found. What concerns clusters is told from now on as whoever edits it
    // may see them. One that its failures switched off is on again, unless he says otherwise.
    [[nodiscard]] task<result<told_webhook>> edit(auth::grant const& g, storage::webhook_id id,
                                                  webhook_changes changes);
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::webhook_id id);

    // Sends a document about nothing, once and now, and says what came of it. Taken by one that its
    // failures switched off, it is on again. errc::unavailable: others are tried just now.
    [[nodiscard]] task<result<storage::delivery_record>> test(auth::grant const& g,
                                                              storage::webhook_id id,
                                                              storage::occasion what);
    // Sends one again, once and now, under the id that it has, and says what came of it. errc: as
    // above, and deliver_again()'s.
    [[nodiscard]] task<result<storage::delivery_record>> resend(auth::grant const& g,
                                                                storage::webhook_id id,
                                                                std::int64_t delivery);
    // The newest first.
    [[nodiscard]] task<result<std::vector<storage::delivery_record>>> deliveries(
        auth::grant const& g, storage::webhook_id id, std::size_t skip, std::size_t count);

private:
    [[nodiscard]] task<result<storage::delivery_record>> try_once(
        storage::webhook_record hook, storage::delivery_record delivery);

    parts parts_;
    std::atomic<int> trying_{0};
};

}  // namespace pilothouse::notify
