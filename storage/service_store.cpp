#include "storage/service_store.hpp"

namespace pilothouse::storage {

std::string_view name_of(deployment_kind kind) noexcept {
    switch (kind) {
        case deployment_kind::deploy: return "deploy";
        case deployment_kind::dry_run: return "dry-run";
        case deployment_kind::uninstall: return "uninstall";
        case deployment_kind::remove: return "remove";
        case deployment_kind::stop: return "stop";
        case deployment_kind::restart: return "restart";
    }
    return "unknown";
}

}  // namespace pilothouse::storage
