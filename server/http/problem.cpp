#include "server/http/problem.hpp"

#include "auth/challenge.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <string>

namespace pilothouse::http {

unsigned status_of(condition c) noexcept {
    switch (c) {
        case condition::invalid: return 400;
        case condition::unprocessable: return 422;
        case condition::unauthenticated: return 401;
        case condition::denied: return 403;
        case condition::not_found: return 404;
        case condition::conflict: return 409;
        case condition::too_large: return 413;
        case condition::full: return 507;
        case condition::unavailable: return 503;
        case condition::timed_out: return 504;
        case condition::too_slow: return 408;
        case condition::throttled: return 429;
    }
    return 500;
}

void tell_when_to_retry(response& answer, failure const& f) {
    if (answer.status() == 503) answer.header("Retry-After", "1");
    if (answer.status() == 429)
        answer.header("Retry-After", std::to_string(std::max(f.retry_after, 1u)));
}

response problem(unsigned status, std::string_view code, std::string_view detail) {
    boost::json::object const body{{"title", reason_phrase(status)},
                                   {"status", status},
                                   {"code", code},
                                   {"detail", detail},
                                   {"message", detail},
                                   {"error", detail}};
    response answer(status);
    answer.header("Content-Type", "application/problem+json");
    answer.header("X-Content-Type-Options", "nosniff");
    if (status == 503) answer.header("Retry-After", "1");
    answer.body(boost::json::serialize(body));
    return answer;
}

response problem_words::refuse(exchange const&, failure const& f) const {
    auto answer = problem(status_of(condition_of(f.code)), name_of(f.code), f.detail);
    if (condition_of(f.code) == condition::unauthenticated)
        answer.header("WWW-Authenticate", auth::challenge(f));
    if (answer.status() == 429) tell_when_to_retry(answer, f);
    answer.because(f.cause);
    return answer;
}

response problem_words::no_route(unsigned status) const {
    return problem(status, status == 405 ? "method_not_allowed" : "not_found",
                   status == 405 ? "this address does not take that method"
                                 : "there is nothing at this address");
}

}  // namespace pilothouse::http
