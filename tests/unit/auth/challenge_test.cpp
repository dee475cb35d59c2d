#include "auth/challenge.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::challenge_test {

TEST_CASE("whoever has to sign in is challenged as GitLab's packages do it, to the letter") {
    CHECK(auth::challenge({errc::unauthenticated, "sign in"}) ==
          R"(Basic realm="GitLab Packages Registry")");
}

TEST_CASE("a personal token that ended is challenged in the Bearer form") {
    for (errc const code : {errc::token_expired, errc::token_revoked})
        CHECK(auth::challenge({code, "the token is over"}) ==
              R"(Bearer realm="GitLab Packages Registry", error="invalid_token", )"
              R"(error_description="the token is over")");
}

TEST_CASE("no text can break out of the challenge") {
    CHECK(auth::challenge({errc::token_expired, "a\"b\\c\r\nSet-Cookie: d\x01\xC3\xA9"}) ==
          R"(Bearer realm="GitLab Packages Registry", error="invalid_token", )"
          R"(error_description="abcSet-Cookie: d")");
}

TEST_CASE("what signing in does not help against is not challenged") {
    for (errc const code : {errc::insufficient_scope, errc::blocked, errc::denied, errc::not_found,
                            errc::unavailable, errc::invalid_argument})
        CHECK(auth::challenge({code, "no"}).empty());
}

}  // namespace pilothouse::tests::challenge_test
