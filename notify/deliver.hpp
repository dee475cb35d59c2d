// One attempt to deliver, and what becomes of the delivery.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "notify/delivery_parts.hpp"
#include "notify/hook_rest.hpp"
#include "notify/retry_plan.hpp"
#include "notify/sender.hpp"
#include "storage/webhook_store.hpp"

#include <atomic>
#include <cstdint>
#include <string_view>

namespace pilothouse::notify {

enum class delivery_outcome : std::uint8_t {
    delivered,
    again,    // another attempt follows
    failed,   // none does
    dropped,  // nobody is to be told, or nobody is there
};
[[nodiscard]] std::string_view name_of(delivery_outcome what) noexcept;

struct delivered {
    delivery_outcome what = delivery_outcome::dropped;
    hook_turn turn = hook_turn::none;  // what it meant for the webhook
};

// Makes the document where that is still to be done: an operation in a cluster is told of to the
// webhook of somebody who may see that cluster, and to nobody else. `stopping` is asked after the
// attempt: one that ended because the server does is not counted.
[[nodiscard]] task<delivered> deliver(delivery_parts const& parts, storage::due_delivery due,
                                      std::atomic<bool> const& stopping);

// The same once more and now, whatever became of it before, also to a webhook that is off. What
// fails leaves it as it was, but for what is told of its last attempt. errc::wrong_state: what it
// tells of is forgotten, or may not be told any more.
[[nodiscard]] task<result<storage::delivery_record>> deliver_again(delivery_parts const& parts,
                                                                   storage::due_delivery what);

// What came of an attempt, as the delivery tells it from then on.
void take_up(storage::delivery_record& delivery, sent const& answer, retry_plan const& plan,
             instant now);

}  // namespace pilothouse::notify
