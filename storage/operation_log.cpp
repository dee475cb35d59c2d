#include "storage/operation_log.hpp"

namespace pilothouse::storage {

std::string_view name_of(operation_kind kind) noexcept {
    switch (kind) {
        case operation_kind::install: return "install";
        case operation_kind::update: return "update";
        case operation_kind::uninstall: return "uninstall";
        case operation_kind::rollback: return "rollback";
        case operation_kind::stop: return "stop";
        case operation_kind::restart: return "restart";
    }
    return "unknown";
}

std::string_view name_of(operation_state state) noexcept {
    switch (state) {
        case operation_state::queued: return "queued";
        case operation_state::running: return "running";
        case operation_state::cancelling: return "cancelling";
        case operation_state::done: return "done";
    }
    return "unknown";
}

std::optional<operation_kind> operation_kind_named(std::string_view name) noexcept {
    for (int i = 0; i <= static_cast<int>(operation_kind::restart); ++i)
        if (auto const k = static_cast<operation_kind>(i); name_of(k) == name) return k;
    return std::nullopt;
}

std::optional<operation_state> operation_state_named(std::string_view name) noexcept {
    for (int i = 0; i <= static_cast<int>(operation_state::done); ++i)
        if (auto const s = static_cast<operation_state>(i); name_of(s) == name) return s;
    return std::nullopt;
}

}  // namespace pilothouse::storage
