#include "server/grpc/iam_token_service.hpp"

#include "server/grpc/words.hpp"

#include <cstddef>
#include <string>
#include <utility>

namespace pilothouse::rpc {

namespace {

constexpr std::size_t token_max = 4000;

// A session cannot make itself last longer.
refusal no_personal_token() {
    return {code::unauthenticated,
            "yandex_passport_oauth_token takes a personal access token of this server"};
}

answer<auth::credentials> read_token(call const& c, iam::CreateIamTokenRequest& asked) {
    if (asked.identity_case() == iam::CreateIamTokenRequest::kJwt)
        return refusal(code::unimplemented,
                       "this server has no service accounts: send a personal access token as "
                       "yandex_passport_oauth_token");
    auto& text = *asked.mutable_yandex_passport_oauth_token();
    if (auto const ok = require("yandex_passport_oauth_token", text); !ok) return ok.error();
    if (text.size() > token_max)
        return wrong("yandex_passport_oauth_token", "a token has at most 4000 characters");
    if (auth::session_tokens::is_shaped(text)) return no_personal_token();
    auth::credentials shown_here;
    shown_here.how = auth::credentials::scheme::bearer;
    shown_here.token = secret(std::move(text));
    shown_here.from = c.from;
    return shown_here;
}

}  // namespace

task<answer<iam::CreateIamTokenResponse>> iam_token_service::create(
    call const& c, iam::CreateIamTokenRequest asked) {
    PILOTHOUSE_CO_TRY(auto const claimed, read_token(c, asked));
    PILOTHOUSE_CO_TRY(auto who, co_await uses_.authenticator.authenticate(claimed));
    if (who->what != auth::principal::kind::user) co_return no_personal_token();
    PILOTHOUSE_CO_TRY(auto const grant, uses_.policy.authorize_on_server(
                                            std::move(who), auth::permission::hold_token));
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.sessions.issue(grant));
    iam::CreateIamTokenResponse exchanged;
    exchanged.set_iam_token(std::string(made.text.reveal()));
    *exchanged.mutable_expires_at() = shown(made.expires);
    co_return exchanged;
}

}  // namespace pilothouse::rpc
