#include "storage/environment_store.hpp"

namespace pilothouse::storage {

std::string_view name_of(environment_mode mode) noexcept {
    switch (mode) {
        case environment_mode::development: break;
        case environment_mode::preview: return "preview";
        case environment_mode::production: return "production";
        case environment_mode::staging: return "staging";
    }
    return "development";
}

std::optional<environment_mode> environment_mode_named(std::string_view name) noexcept {
    for (int i = 0; i <= static_cast<int>(environment_mode::staging); ++i)
        if (auto const m = static_cast<environment_mode>(i); name_of(m) == name) return m;
    return std::nullopt;
}

}  // namespace pilothouse::storage
