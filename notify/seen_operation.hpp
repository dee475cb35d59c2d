// What a webhook is told of an operation: as whoever set it up may see it.
#pragma once

#include "base/task.hpp"
#include "notify/delivery_parts.hpp"

#include <string>

namespace pilothouse::notify {

// Empty: it is not for this webhook, or the operation is forgotten.
[[nodiscard]] task<std::string> document_of(delivery_parts const& parts, std::string operation,
                                            storage::webhook_record hook);

}  // namespace pilothouse::notify
