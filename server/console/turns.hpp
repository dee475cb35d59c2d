// How many commands from elsewhere run at once, and how many of them one caller's.
#pragma once

#include "auth/principal.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <memory>

namespace pilothouse::console {

// At most cli::commands_max in all, the last few of them for administrators alone.
inline constexpr std::size_t commands_of_one_max = 8;
inline constexpr std::size_t kept_for_administrators = 8;

// Thread-safe.
class turns {
public:
    turns();

    // For as long as what it returns lives, which may be longer than this object.
    // errc::unavailable: too many are under way.
    [[nodiscard]] result<std::shared_ptr<void const>> take(auth::principal const& who);

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace pilothouse::console
