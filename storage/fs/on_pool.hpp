// Hops to a pool for ports whose answers have no place for a full one.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/busy.hpp"

#include <type_traits>
#include <utility>

namespace pilothouse::storage::fs {

// f() on the pool, its value or exception here. Throws busy when the pool takes no more.
template <class F>
[[nodiscard]] task<std::invoke_result_t<F&>> on_pool(blocking_pool& pool, F f) {
    using value = std::invoke_result_t<F&>;
    auto const job = [&f]() -> result<value> {
        if constexpr (std::is_void_v<value>) {
            f();
            return {};
        } else {
            return f();
        }
    };
    auto done = co_await pool.run(job);
    if (!done) throw busy(done.error().cause);
    if constexpr (!std::is_void_v<value>) co_return std::move(*done);
}

}  // namespace pilothouse::storage::fs
