#include "storage/release_store.hpp"

namespace pilothouse::storage {

std::string_view name_of(release_status status) noexcept {
    switch (status) {
        case release_status::unknown: break;
        case release_status::deployed: return "deployed";
        case release_status::uninstalled: return "uninstalled";
        case release_status::superseded: return "superseded";
        case release_status::failed: return "failed";
        case release_status::uninstalling: return "uninstalling";
        case release_status::pending_install: return "pending-install";
        case release_status::pending_upgrade: return "pending-upgrade";
        case release_status::pending_rollback: return "pending-rollback";
    }
    return "unknown";
}

std::optional<release_status> release_status_named(std::string_view name) noexcept {
    for (int i = 0; i <= static_cast<int>(release_status::pending_rollback); ++i)
        if (auto const s = static_cast<release_status>(i); name_of(s) == name) return s;
    return std::nullopt;
}

}  // namespace pilothouse::storage
