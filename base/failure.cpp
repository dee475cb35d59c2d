#include "base/failure.hpp"

namespace pilothouse {

condition condition_of(errc code) noexcept {
    switch (code) {
        case errc::invalid_argument:
        case errc::invalid_channel:
        case errc::invalid_archive:
        case errc::invalid_metadata:
        case errc::invalid_request: return condition::invalid;
        case errc::unacceptable_chart:
        case errc::invalid_provenance: return condition::unprocessable;
        case errc::unauthenticated:
        case errc::token_expired:
        case errc::token_revoked: return condition::unauthenticated;
        case errc::insufficient_scope:
        case errc::blocked:
        case errc::quota_full:
        case errc::denied: return condition::denied;
        case errc::not_found: return condition::not_found;
        case errc::conflict:
        case errc::busy:
        case errc::wrong_state:
        case errc::cancelled:
        case errc::locked: return condition::conflict;
        case errc::too_large: return condition::too_large;
        case errc::full: return condition::full;
        case errc::broken:
        case errc::unavailable: return condition::unavailable;
        case errc::timed_out: return condition::timed_out;
        case errc::too_slow: return condition::too_slow;
        case errc::throttled: return condition::throttled;
    }
    return condition::unavailable;
}

std::string_view name_of(errc code) noexcept {
    switch (code) {
        case errc::invalid_argument: return "invalid_argument";
        case errc::invalid_channel: return "invalid_channel";
        case errc::invalid_archive: return "invalid_archive";
        case errc::invalid_metadata: return "invalid_metadata";
        case errc::unacceptable_chart: return "unacceptable_chart";
        case errc::invalid_provenance: return "invalid_provenance";
        case errc::invalid_request: return "invalid_request";
        case errc::unauthenticated: return "unauthenticated";
        case errc::token_expired: return "token_expired";
        case errc::token_revoked: return "token_revoked";
        case errc::insufficient_scope: return "insufficient_scope";
        case errc::blocked: return "blocked";
        case errc::denied: return "denied";
        case errc::not_found: return "not_found";
        case errc::conflict: return "conflict";
        case errc::locked: return "locked";
        case errc::too_large: return "too_large";
        case errc::full: return "full";
        case errc::quota_full: return "quota_full";
        case errc::unavailable: return "unavailable";
        case errc::timed_out: return "timed_out";
        case errc::too_slow: return "too_slow";
        case errc::throttled: return "throttled";
        case errc::busy: return "busy";
        case errc::wrong_state: return "wrong_state";
        case errc::cancelled: return "cancelled";
        case errc::broken: return "broken";
    }
    return "unknown";
}

std::optional<errc> errc_named(std::string_view name) noexcept {
    for (auto i = 0; i <= static_cast<int>(errc::broken); ++i)
        if (auto const code = static_cast<errc>(i); name_of(code) == name) return code;
    return std::nullopt;
}

}  // namespace pilothouse
