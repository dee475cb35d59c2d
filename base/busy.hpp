// Thrown by ports whose answers have no place for "not now".
#pragma once

#include <stdexcept>

namespace pilothouse {

// The store is sound but cannot take this call now: its queue is full, another process holds the
// database too long, or it is closing. Nothing was changed; trying again later may help. Doors
// answer it as condition::unavailable.
class busy final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace pilothouse
