// What attempts say of the webhook itself: noted at it, and told in the audit log.
#pragma once

#include "base/task.hpp"
#include "notify/delivery_parts.hpp"
#include "notify/hook_rest.hpp"

namespace pilothouse::notify {

// `as_sent`: the webhook as it was when the attempt began. Of one that was edited meanwhile, or is
// gone, it says nothing.
[[nodiscard]] task<hook_turn> note_at_hook(delivery_parts const& parts,
                                           storage::webhook_record const& as_sent, bool taken);

}  // namespace pilothouse::notify
