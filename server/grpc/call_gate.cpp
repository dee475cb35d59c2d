#include "server/grpc/call_gate.hpp"

#include "auth/credentials.hpp"

namespace pilothouse::rpc {

task<answer<std::shared_ptr<auth::principal const>>> call_gate::admit(shown_credentials shown) {
    auto known = co_await authenticate(shown);
    auto const* const counted_as = known ? known->get() : nullptr;
    if (limiter_ != nullptr && limiter_->count(http::traffic::api, counted_as, shown.from))
        co_return refusal(code::resource_exhausted, "too many calls: try again later");
    co_return known;
}

task<answer<std::shared_ptr<auth::principal const>>> call_gate::authenticate(
    shown_credentials const& shown) {
    if (shown.twice)
        co_return refusal(code::unauthenticated, "authorization comes twice: send it once");
    PILOTHOUSE_CO_TRY(auto claimed, auth::read_credentials({.authorization = shown.authorization,
                                                            .private_token = {},
                                                            .deploy_token = {},
                                                            .job_token = {}}));
    claimed.from = shown.from;
    PILOTHOUSE_CO_TRY(auto who, co_await authenticator_.authenticate(claimed));
    if (who->what == auth::principal::kind::anonymous)
        co_return refusal(code::unauthenticated,
                          "this call needs a token, as metadata: authorization: Bearer TOKEN");
    co_return who;
}

}  // namespace pilothouse::rpc
