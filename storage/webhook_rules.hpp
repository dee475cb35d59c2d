// What every store of webhooks decides alike.
#pragma once

#include "storage/operation_log.hpp"
#include "storage/webhook_store.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace pilothouse::storage {

[[nodiscard]] failure no_such_webhook();
[[nodiscard]] failure no_such_delivery();
[[nodiscard]] failure too_many_webhooks();

// `msg_` and 24 letters and digits, never given twice.
[[nodiscard]] std::string new_message();

// For one webhook, of which so many wait already.
[[nodiscard]] delivery_record delivery_of(webhook_id hook, announcement const& what,
                                          std::size_t waiting);
// Of an operation that has ended; its document is made later.
[[nodiscard]] delivery_record delivery_of(webhook_id hook, operation_record const& ended,
                                          std::size_t waiting);
// Names it, unless it has a name. Of one for which there is no room, its end.
void start(delivery_record& delivery, std::size_t waiting);

// What may not change stays.
[[nodiscard]] result<void> edit(webhook_record& hook, record_change<webhook_record> const& change);
// Of one that waits, when its webhook is switched off.
inline constexpr std::string_view switched_off_words = "not sent: the webhook was switched off";
[[nodiscard]] result<void> note(delivery_record& delivery,
                                record_change<delivery_record> const& change);

}  // namespace pilothouse::storage
