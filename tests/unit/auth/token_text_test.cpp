#include "auth/token_text.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace pilothouse::tests::token_text_test {

using storage::token_kind;

namespace {

constexpr std::string_view base62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

}  // namespace

TEST_CASE("a token made here has the shape that scanners look for, and is known as its kind") {
    struct row {
        token_kind kind;
        char const* prefix;
    };
    for (auto const& [kind, prefix] :
         {row{token_kind::personal, "plhp_"}, row{token_kind::deploy, "plhd_"},
          row{token_kind::job, "plhj_"}}) {
        auto const token = auth::generate_token(kind);
        std::string_view const text = token.reveal();
        CHECK(text.size() == 41);
        CHECK(text.starts_with(prefix));
        CHECK(text.substr(5).find_first_not_of(base62) == std::string_view::npos);
        CHECK(auth::well_formed_token(text) == kind);
    }
}

TEST_CASE("the checksum is the CRC-32 of all before it, in six digits of base 62") {
    // Computed by hand: zlib.crc32(b"plhp_" + b"0" * 30) = 0xc3fd1417 = 3288142871.
    CHECK(auth::well_formed_token("plhp_000000000000000000000000000000"
                                  "3aWiAR") == token_kind::personal);
    CHECK(
        !auth::well_formed_token("plhp_000000000000000000000000000000"
                                 "3aWiAS"));
}

TEST_CASE("no two tokens are the same") {
    std::set<std::string, std::less<>> seen;
    for (int i = 0; i < 1000; ++i)
        seen.emplace(auth::generate_token(token_kind::personal).reveal());
    CHECK(seen.size() == 1000);
}

TEST_CASE("every single mistyped character is noticed") {
    auto const token = auth::generate_token(token_kind::deploy);
    std::string const whole(token.reveal());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (char const c : base62) {
            std::string typed = whole;
            typed[at] = c;
            if (typed != whole) CHECK(!auth::well_formed_token(typed));
        }
    }
}

TEST_CASE("a token cut short, grown or swapped about is not well formed") {
    auto const token = auth::generate_token(token_kind::job);
    std::string const whole(token.reveal());
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK(!auth::well_formed_token(whole.substr(0, length)));
    std::vector<std::string> const rows = {
        whole + "0",
        whole + " ",
        " " + whole,
        whole + '\n',
        std::string(41, '0'),
        whole.substr(1) + whole[0],
        "glpat-xxxxxxxxxxxxxxxxxxxx",
        "PLHJ_" + whole.substr(5),
        "plhx_" + whole.substr(5),
        std::string(100'000, 'a'),
    };
    for (auto const& row : rows) CHECK(!auth::well_formed_token(row));
}

TEST_CASE("a token is stored as the SHA-256 of its whole text") {
    CHECK(auth::token_hash("abc").hex() ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace pilothouse::tests::token_text_test
