// Credentials: what four header fields say of their sender.
// Input: up to four lines, Authorization, PRIVATE-TOKEN, Deploy-Token, JOB-TOKEN.
#include "auth/credentials.hpp"
#include "auth/token_text.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace pilothouse;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto rest = fuzz::text_of(data, size);
    auth::credential_fields fields;
    fields.authorization = fuzz::take_line(rest);
    fields.private_token = fuzz::take_line(rest);
    fields.deploy_token = fuzz::take_line(rest);
    fields.job_token = fuzz::take_line(rest);
    auto const credentials = auth::read_credentials(fields);
    if (!credentials) {
        fuzz::require(credentials.error().code == errc::unauthenticated, "the documented failure");
        return 0;
    }
    bool const none = credentials->how == auth::credentials::scheme::none;
    fuzz::require(none == credentials->token.empty(), "a scheme comes with a token");
    bool const silent = fields.authorization.empty() && fields.private_token.empty() &&
                        fields.deploy_token.empty() && fields.job_token.empty();
    if (silent) fuzz::require(none, "who says nothing claims nothing");
    if (auth::well_formed_token(credentials->token.reveal()))
        fuzz::require(credentials->token.reveal().size() == 41, "tokens have one length");
    return 0;
}
