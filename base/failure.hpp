// What can go wrong because of a caller's input or the catalogue's state, as a value.
//
// A broken house (a full disk, a damaged database, a bug) is an exception instead; see
// docs/ARCHITECTURE.md, "Errors".
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse {

// The precise reason. Doors that need a stable word for clients use name_of(); everything else
// compares conditions.
enum class errc : std::uint8_t {
    invalid_argument,    // a parameter has no legal value
    invalid_channel,     // a channel name outside its pattern
    invalid_archive,     // not exactly one gzip-compressed tar archive that Helm would load
    invalid_metadata,    // Chart.yaml is missing or cannot be read
    unacceptable_chart,  // a readable archive that breaks a rule: paths, names, limits, metadata
    invalid_provenance,  // a provenance file that does not speak of this archive
    invalid_request,     // malformed HTTP or multipart
    unauthenticated,     // no credentials where some are needed, or credentials that nobody has
    token_expired,
    token_revoked,
    insufficient_scope,  // the token is good, its scope is too small
    blocked,             // the account is blocked
    denied,              // known, visible, but not allowed
    not_found,
    conflict,  // the thing exists with other content or another owner
    locked,    // another process holds the data folder
    too_large,
    full,         // the disk is full
    quota_full,   // a project holds as much as it may
    unavailable,  // try again later
    timed_out,    // we took too long
    too_slow,     // the client did
    throttled,    // too often; failure::retry_after says when again
    busy,         // another operation on the same thing is under way
    wrong_state,  // the thing is not in a state in which this can be done
    cancelled,    // somebody asked for that
    broken,       // a part of ours, or a tool that we call, did what it must not
};

// The coarse kind, which is all that a protocol's status needs.
enum class condition : std::uint8_t {
    invalid,
    unprocessable,
    unauthenticated,
    denied,
    not_found,
    conflict,
    too_large,
    full,
    unavailable,
    timed_out,
    too_slow,
    throttled,
};

[[nodiscard]] condition condition_of(errc code) noexcept;

// The enumerator's own spelling, for logs and for clients that switch on it.
[[nodiscard]] std::string_view name_of(errc code) noexcept;
[[nodiscard]] std::optional<errc> errc_named(std::string_view name) noexcept;

struct failure {
    errc code = errc::unavailable;
    std::string detail;             // one sentence for the client, made of validated values only
    std::string cause;              // for the log; never sent
    std::uint32_t retry_after = 0;  // seconds, of errc::throttled

    failure() = default;
    failure(errc code, std::string detail, std::string cause = {})
        : code(code), detail(std::move(detail)), cause(std::move(cause)) {}
};

// Thrown for a broken house when the disk or a quota is full, so that doors can answer 507 and go
// on reading.
class storage_full final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace pilothouse
