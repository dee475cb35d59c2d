// Secrets of webhooks, and signatures: a known answer, and secrets that are none.
#include "notify/webhook_secret.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace pilothouse::tests::webhook_secret_test {

using namespace pilothouse::notify;

TEST_CASE("a known answer of Standard Webhooks, which openssl computes too") {
    CHECK(signature(secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                    "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})") ==
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("id, time, body and secret all count") {
    secret const key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    std::set<std::string> const all{
        signature(key, "msg_1", 1, "a"),
        signature(key, "msg_2", 1, "a"),
        signature(key, "msg_1", 2, "a"),
        signature(key, "msg_1", 1, "b"),
        signature(key, "msg_1", 1, ""),
        signature(secret("whsec_AAAQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_1", 1, "a")};
    CHECK(all.size() == 6);
}

TEST_CASE("a secret that is made is one, and no two are the same") {
    auto const one = make_webhook_secret(), other = make_webhook_secret();
    CHECK(check_webhook_secret(one));
    CHECK(one.reveal() != other.reveal());
    CHECK(one.reveal().starts_with("whsec_"));
}

TEST_CASE("what is no secret") {
    CHECK(check_webhook_secret(secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
    for (std::string const bad : {
             "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
             "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
             "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==",    // 22 bytes
             "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",     // not padded
             "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa S",    // a space
             "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",  // the end of a line
         }) {
        CAPTURE(bad);
        auto const checked = check_webhook_secret(secret(bad));
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == errc::invalid_argument);
        if (bad.size() > 10) CHECK(checked.error().detail.find(bad) == std::string::npos);
    }
    CHECK(check_webhook_secret(secret("whsec_" + std::string(84, 'A') + "AA==")));  // 64 bytes
    CHECK_FALSE(check_webhook_secret(secret("whsec_" + std::string(84, 'A') + "AAA=")));  // 65
}

}  // namespace pilothouse::tests::webhook_secret_test
