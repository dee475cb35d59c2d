// HMAC-SHA256: known answers.
#include "base/hmac.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::hmac_test {

TEST_CASE("known answers (RFC 4231)") {
    CHECK(hmac_sha256(secret(std::string(20, '\x0b')), "Hi There").hex() ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hmac_sha256(secret("Jefe"), "what do ya want for nothing?").hex() ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hmac_sha256(secret(std::string(131, '\xaa')),
                      "Test Using Larger Than Block-Size Key - Hash Key First")
              .hex() == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("digests are equal in all their bytes") {
    auto const one = sha256("a");
    CHECK(equal_in_constant_time(one, sha256("a")));
    CHECK(!equal_in_constant_time(one, sha256("b")));
    std::string bytes(one.bytes());
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    CHECK(!equal_in_constant_time(one, *sha256_digest::from_bytes(bytes)));
}

}  // namespace pilothouse::tests::hmac_test
