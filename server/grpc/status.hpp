// How a call fails: gRPC's codes, and which of them stands for which reason (contracts:
// releases 1.5).
#pragma once

#include "base/failure.hpp"
#include "base/result.hpp"

#include <google/protobuf/any.pb.h>
#include <proto/google/rpc/status.pb.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse::rpc {

enum class code : int {
    ok = 0,
    cancelled = 1,
    unknown = 2,
    invalid_argument = 3,
    deadline_exceeded = 4,
    not_found = 5,
    already_exists = 6,
    permission_denied = 7,
    resource_exhausted = 8,
    failed_precondition = 9,
    aborted = 10,
    out_of_range = 11,
    unimplemented = 12,
    internal = 13,
    unavailable = 14,
    data_loss = 15,
    unauthenticated = 16,
};
inline constexpr int code_count = 17;

// As gRPC spells it: `NOT_FOUND`.
[[nodiscard]] std::string_view name_of(code c) noexcept;
// Of a call that was refused.
[[nodiscard]] code code_of(errc why) noexcept;
// Of an operation that failed; never ok, which clients take for success (contracts: releases 1.4).
[[nodiscard]] code code_of_operation(errc why) noexcept;
// What stands for it where calls come as JSON over HTTP (contracts: releases 1.3).
[[nodiscard]] unsigned http_status_of(code c) noexcept;

// Why a call is refused. Made of a failure by itself.
struct refusal {
    rpc::code code = rpc::code::internal;
    std::string message;  // for the client
    std::string field;    // of the request, where that was wrong: `user_values[2].key`
    std::string cause;    // for the log alone

    refusal() = default;
    refusal(rpc::code c, std::string m) : code(c), message(std::move(m)) {}
    refusal(failure f)  // NOLINT(google-explicit-constructor): so that PILOTHOUSE_CO_TRY takes both
        : code(code_of(f.code)), message(std::move(f.detail)), cause(std::move(f.cause)) {}
};

// What a call that threw is told, and its log.
[[nodiscard]] refusal refusal_of(std::exception_ptr thrown);

// A parameter that has no legal value.
[[nodiscard]] refusal wrong(std::string field, std::string_view reason);

[[noreturn]] inline void throw_exception_from_error(refusal const& r,
                                                    boost::source_location const&) {
    throw std::logic_error("unread refusal: " + r.message);
}

template <class T>
using answer = boost::system::result<T, refusal>;

// As much of a message as there is room for in trailing metadata, of which clients take 8 KiB and
// no more: 1 KiB as gRPC writes it there (`%0A`), of whole characters, and `...` where it was cut.
[[nodiscard]] std::string fit_for_trailers(std::string message);

// As it goes over the wire, with google.rpc.BadRequest where a field was wrong.
[[nodiscard]] google::rpc::Status status_of(refusal const& r);

}  // namespace pilothouse::rpc
