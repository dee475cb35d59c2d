// Errors outside any dialect: RFC 9457 problem details.
#pragma once

#include "base/result.hpp"
#include "server/http/response.hpp"
#include "server/http/route.hpp"

#include <string_view>

namespace pilothouse::http {

// The status that stands for a condition (docs/ARCHITECTURE.md, "Errors"); conflict is 409,
// unprocessable 422 and so on.
[[nodiscard]] unsigned status_of(condition c) noexcept;

// Retry-After, where the failure is one that time heals.
void tell_when_to_retry(response& answer, failure const& f);

// application/problem+json with `title`, `status`, `code`, `detail`, and the detail again as
// `message` and `error`, for clients that know only those.
[[nodiscard]] response problem(unsigned status, std::string_view code, std::string_view detail);

// The dialect of every path that no other door covers.
class problem_words final : public dialect {
public:
    [[nodiscard]] response refuse(exchange const& x, failure const& f) const override;
    [[nodiscard]] response no_route(unsigned status) const override;
};

}  // namespace pilothouse::http
