#include "server/grpc/status.hpp"

#include "base/busy.hpp"
#include "base/utf8.hpp"

#include <proto/google/rpc/error_details.pb.h>

#include <array>
#include <cstddef>

namespace pilothouse::rpc {

std::string_view name_of(code c) noexcept {
    static constexpr std::array<std::string_view, code_count> names = {
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    };
    return names[static_cast<std::size_t>(c)];
}

code code_of(errc why) noexcept {
    switch (why) {
        case errc::invalid_argument:
        case errc::invalid_channel:
        case errc::invalid_archive:
        case errc::invalid_metadata:
        case errc::invalid_request:
        case errc::unacceptable_chart:
        case errc::invalid_provenance:
        case errc::too_large: return code::invalid_argument;
        case errc::unauthenticated:
        case errc::token_expired:
        case errc::token_revoked: return code::unauthenticated;
        case errc::insufficient_scope:
        case errc::blocked:
        case errc::denied: return code::permission_denied;
        case errc::not_found: return code::not_found;
        case errc::conflict: return code::already_exists;
        case errc::busy:
        case errc::wrong_state: return code::failed_precondition;
        case errc::full:
        case errc::quota_full:
        case errc::throttled: return code::resource_exhausted;
        case errc::locked:
        case errc::unavailable: return code::unavailable;
        case errc::timed_out:
        case errc::too_slow: return code::deadline_exceeded;
        case errc::cancelled: return code::cancelled;
        case errc::broken: return code::internal;
    }
    return code::internal;
}

refusal refusal_of(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(std::move(thrown));
    } catch (busy const& e) {
        return failure(errc::unavailable, "the server is busy: try again", e.what());
    } catch (storage_full const& e) {
        return failure(errc::full, "the server's disk is full", e.what());
    } catch (std::exception const& e) {
        return failure(errc::broken, "the server failed at this call; its log says why", e.what());
    }
}

code code_of_operation(errc why) noexcept {
    return why == errc::busy ? code::aborted : code_of(why);
}

unsigned http_status_of(code c) noexcept {
    switch (c) {
        case code::ok: return 200;
        case code::cancelled: return 499;
        case code::invalid_argument:
        case code::failed_precondition:
        case code::out_of_range: return 400;
        case code::unauthenticated: return 401;
        case code::permission_denied: return 403;
        case code::not_found: return 404;
        case code::already_exists:
        case code::aborted: return 409;
        case code::resource_exhausted: return 429;
        case code::unimplemented: return 501;
        case code::unavailable: return 503;
        case code::deadline_exceeded: return 504;
        case code::unknown:
        case code::internal:
        case code::data_loss: return 500;
    }
    return 500;
}

refusal wrong(std::string field, std::string_view reason) {
    refusal r(code::invalid_argument, field + ": " + std::string(reason));
    r.field = std::move(field);
    return r;
}

std::string fit_for_trailers(std::string message) {
    constexpr std::size_t bytes_max = 1024;
    constexpr std::string_view cut_mark = "...";
    std::size_t encoded = 0;
    std::size_t whole = 0;  // as much as leaves room for the mark
    for (std::size_t at = 0; at < message.size();) {
        if (encoded + cut_mark.size() <= bytes_max) whole = at;
        auto const begin = at;
        static_cast<void>(next_code_point(message, at));
        for (auto i = begin; i < at; ++i) {
            bool const plain = message[i] >= ' ' && message[i] <= '~' && message[i] != '%';
            encoded += plain ? 1 : 3;
        }
        if (encoded > bytes_max) return message.substr(0, whole).append(cut_mark);
    }
    return message;
}

google::rpc::Status status_of(refusal const& r) {
    google::rpc::Status status;
    status.set_code(static_cast<int>(r.code));
    status.set_message(r.message);
    if (!r.field.empty()) {
        google::rpc::BadRequest bad;
        auto& violation = *bad.add_field_violations();
        violation.set_field(r.field);
        violation.set_description(r.message);
        status.add_details()->PackFrom(bad);
    }
    return status;
}

}  // namespace pilothouse::rpc
