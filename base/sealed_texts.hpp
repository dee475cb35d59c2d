// What lies somewhere sealed with the server's keys, for whoever changes these.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"

#include <cstddef>

namespace pilothouse {

// Thread-safe.
class sealed_texts {
public:
    virtual ~sealed_texts() = default;
    // Whether the key that seals now sealed them all.
    [[nodiscard]] virtual task<bool> are_current() = 0;
    // Seals them all with that key; returns how many. errc::broken: one does not open.
    [[nodiscard]] virtual task<result<std::size_t>> seal_anew() = 0;
};

}  // namespace pilothouse
