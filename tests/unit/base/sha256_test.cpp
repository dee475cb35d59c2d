// SHA-256: known answers, pieces, and the forms in which digests are written.
#include "base/sha256.hpp"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>
#include <utility>

namespace pilothouse::tests::sha256_test {

namespace {

constexpr char const* of_nothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr char const* of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

}  // namespace

TEST_CASE("known answers (FIPS 180-4)") {
    CHECK(sha256("").hex() == of_nothing);
    CHECK(sha256("abc").hex() == of_abc);
    CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(sha256(std::string(1'000'000, 'a')).hex() ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces give the digest of the whole, wherever they are cut") {
    std::string const text =
        "a text that is longer than one block of sixty-four bytes, by far enough";
    auto const whole = sha256(text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        CAPTURE(cut);
        sha256_hasher hasher;
        hasher.update(std::string_view(text).substr(0, cut));
        sha256_hasher moved(std::move(hasher));
        moved.update(std::string_view(text).substr(cut));
        CHECK(moved.finish() == whole);
    }
}

TEST_CASE("a digest is read from exactly what it is written as") {
    auto const digest = sha256("abc");
    REQUIRE(sha256_digest::from_hex(of_abc));
    CHECK(*sha256_digest::from_hex(of_abc) == digest);
    REQUIRE(sha256_digest::from_bytes(digest.bytes()));
    CHECK(*sha256_digest::from_bytes(digest.bytes()) == digest);
    CHECK(sha256_digest().hex() == std::string(64, '0'));

    std::string const good = of_abc;
    for (auto const& bad : {std::string(), good.substr(1), good + "0", good.substr(0, 63),
                            "sha256:" + good, "BA" + good.substr(2), good.substr(0, 62) + "aD",
                            "g" + good.substr(1), good.substr(0, 63) + " ", " " + good.substr(1)}) {
        CAPTURE(bad);
        CHECK_FALSE(sha256_digest::from_hex(bad));
    }
    for (std::size_t const size : {0u, 31u, 33u, 64u})
        CHECK_FALSE(sha256_digest::from_bytes(std::string(size, 'x')));
}

TEST_CASE("digests are ordered by their bytes, and found by their hash") {
    auto const low = *sha256_digest::from_bytes(std::string(32, '\x01'));
    auto const high = *sha256_digest::from_bytes(std::string(32, '\xff'));
    CHECK(low < high);
    CHECK(sha256_digest() < low);
    std::unordered_set<sha256_digest> const all = {low, high, low};
    CHECK(all.size() == 2);
    CHECK(all.contains(high));
    CHECK_FALSE(all.contains(sha256_digest()));
}

}  // namespace pilothouse::tests::sha256_test
