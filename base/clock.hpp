// Wall-clock time: handed in, so that tests own it; written and read as RFC 3339.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse {

// Nanoseconds since 1970, UTC.
using instant = std::chrono::sys_time<std::chrono::nanoseconds>;

class clock {
public:
    virtual ~clock() = default;
    // Thread-safe.
    [[nodiscard]] virtual instant now() const = 0;
};

class system_clock final : public clock {
public:
    [[nodiscard]] instant now() const override;
};

// "2021-05-01T10:11:12.123456789Z": always UTC and nine digits, as GitLab writes it (contracts:
// gitlab Y8).
[[nodiscard]] std::string to_rfc3339(instant t);

// Takes any RFC 3339 date-time with years 1970 to 2261 (all that 64-bit nanoseconds hold), fraction
// and offset included; digits past the ninth are dropped.
[[nodiscard]] std::optional<instant> from_rfc3339(std::string_view text);

// The form of HTTP's Date and Last-Modified (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] std::string to_http_date(instant t);
// Takes all three forms that RFC 9110 5.6.7 names.
[[nodiscard]] std::optional<instant> from_http_date(std::string_view text);

// Nanoseconds since 1970, for stores and wires.
[[nodiscard]] inline std::int64_t to_nanoseconds(instant t) { return t.time_since_epoch().count(); }
[[nodiscard]] inline instant from_nanoseconds(std::int64_t n) {
    return instant(std::chrono::nanoseconds(n));
}

}  // namespace pilothouse
