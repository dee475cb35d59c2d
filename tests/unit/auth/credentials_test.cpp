#include "auth/credentials.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::credentials_test {

using scheme = auth::credentials::scheme;

namespace {

struct good_row {
    char const* authorization;
    scheme how;
    char const* username;
    char const* token;
};

auth::credential_fields of_authorization(std::string_view value) {
    auth::credential_fields fields;
    fields.authorization = value;
    return fields;
}

}  // namespace

TEST_CASE("an Authorization field is read by its scheme") {
    std::vector<good_row> const rows = {
        {"", scheme::none, "", ""},
        {"   ", scheme::none, "", ""},
        {"Basic dXNlcjpwYXNz", scheme::basic, "user", "pass"},
        {"basic dXNlcjpwYXNz", scheme::basic, "user", "pass"},
        {"BASIC   dXNlcjpwYXNz  ", scheme::basic, "user", "pass"},
        {"Basic dTpw", scheme::basic, "u", "p"},
        {"Basic dXNlcjpwYXM=", scheme::basic, "user", "pas"},
        {"Basic dXNlcjpwYQ==", scheme::basic, "user", "pa"},
        // the password may hold colons, the user name may not (RFC 7617, 2)
        {"Basic dXNlcjphOmI6Yw==", scheme::basic, "user", "a:b:c"},
        {"Basic dXNlcjo6", scheme::basic, "user", ":"},
        // RFC 7617's own example in UTF-8
        {"Basic dGVzdDoxMjPCow==", scheme::basic, "test", "123\xC2\xA3"},
        {"Basic w7xzZXI6cGFzcw==", scheme::basic, "\xC3\xBCser", "pass"},
        // of an old client, in Latin-1
        {"Basic /HNlcjpwYXNz", scheme::basic, "\xFCser", "pass"},
        // an empty half is no credentials (contracts: gitlab A5)
        {"Basic OnBhc3M=", scheme::none, "", ""},
        {"Basic dXNlcjo=", scheme::none, "", ""},
        {"Basic Og==", scheme::none, "", ""},
        {"Bearer abc.def~_-+/=", scheme::bearer, "", "abc.def~_-+/="},
        {"bEARER abc", scheme::bearer, "", "abc"},
        {"Bearer", scheme::none, "", ""},
        {"Bearer ", scheme::none, "", ""},
        {"Token abc", scheme::bearer, "", "abc"},
        {"token abc", scheme::bearer, "", "abc"},
        {"Token", scheme::none, "", ""},
    };
    for (auto const& row : rows) {
        CAPTURE(row.authorization);
        auto const read = auth::read_credentials(of_authorization(row.authorization));
        REQUIRE(read.has_value());
        CHECK(read->how == row.how);
        CHECK(read->username == row.username);
        CHECK(read->token.reveal() == row.token);
    }
}

TEST_CASE("a malformed Authorization field is refused with a reason") {
    std::vector<char const*> const rows = {
        "Basic",                     // nothing after it
        "Basic ",                    //
        "Basic dXNlcg==",            // no colon
        "Basic dXNlcjpwYXM",         // padding left out
        "Basic dXNlcjpwYQ=",         // half of it
        "Basic dXNlcjpwYX==",        // bits that stand for nothing
        "Basic dXNlcjpwYXN=",        //
        "Basic dXNlcjpwYXNz=",       // too much
        "Basic dXNlcjpwYXNz====",    //
        "Basic ====",                //
        "Basic A===",                //
        "Basic =AAA",                //
        "Basic dX=lcjpwYXNz",        // in the middle
        "Basic dXNl cjpwYXNz",       // a space within
        "Basic dXNlcjp-YXNz",        // base64url
        "Basic dXNlcjpw\xC3\xA9==",  // no ASCII
        "Basic user:pass",           // not encoded at all
        "Basic dXMKZXI6cGFzcw==",    // a line feed in the user name
        "Basic dXNlcjpwYQBz",        // a zero byte in the password
        "Basic dXNlcjpwYX9z",        // DEL
        "Digest username=\"user\"",  //
        "Negotiate abcd",            //
        "dXNlcjpwYXNz",              // no scheme
        "BasicdXNlcjpwYXNz",         //
        "Basic\tdXNlcjpwYXNz",       // RFC 9110, 11.4: a space, not a tab
    };
    for (char const* const row : rows) {
        CAPTURE(row);
        auto const read = auth::read_credentials(of_authorization(row));
        REQUIRE(!read.has_value());
        CHECK(read.error().code == errc::unauthenticated);
        CHECK(!read.error().detail.empty());
    }
}

TEST_CASE("a Basic value cut at any byte is never taken for a shorter password") {
    std::string const whole = "Basic dXNlcjpwYXNzd29yZA==";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CAPTURE(length);
        auto const read = auth::read_credentials(of_authorization(whole.substr(0, length)));
        bool const group_boundary = length > 6 && (length - 6) % 4 == 0;
        if (read && read->how == scheme::basic) CHECK(group_boundary);
        if (length > 6 && !group_boundary) CHECK(!read);
    }
}

TEST_CASE("each of GitLab's own fields carries a token, blanks around it aside") {
    auth::credential_fields fields;
    fields.private_token = " one ";
    auto read = auth::read_credentials(fields);
    REQUIRE(read.has_value());
    CHECK(read->how == scheme::private_token);
    CHECK(read->token.reveal() == "one");

    fields = {};
    fields.deploy_token = "two";
    read = auth::read_credentials(fields);
    REQUIRE(read.has_value());
    CHECK(read->how == scheme::deploy_token);
    CHECK(read->token.reveal() == "two");

    fields = {};
    fields.job_token = "three";
    read = auth::read_credentials(fields);
    REQUIRE(read.has_value());
    CHECK(read->how == scheme::job_token);
    CHECK(read->token.reveal() == "three");

    fields = {};
    fields.job_token = "  ";
    read = auth::read_credentials(fields);
    REQUIRE(read.has_value());
    CHECK(read->how == scheme::none);
}

TEST_CASE("the same token in several fields is one; the first field names the way") {
    auth::credential_fields fields;
    fields.authorization = "Basic dXNlcjpwYXNz";
    fields.private_token = "pass";
    fields.job_token = "pass";
    auto const read = auth::read_credentials(fields);
    REQUIRE(read.has_value());
    CHECK(read->how == scheme::basic);
    CHECK(read->username == "user");
}

TEST_CASE("two different tokens in one request are refused, in whichever fields") {
    std::vector<auth::credential_fields> const rows = {
        {"Basic dXNlcjpwYXNz", "other", "", ""},
        {"Bearer pass", "", "other", ""},
        {"Bearer pass", "", "", "other"},
        {"", "one", "two", ""},
        {"", "", "one", "two"},
        {"Bearer pass", "pass", "pass", "other"},
    };
    for (auto const& row : rows) {
        auto const read = auth::read_credentials(row);
        REQUIRE(!read.has_value());
        CHECK(read.error().code == errc::unauthenticated);
        CHECK(read.error().detail.find("two different tokens") != std::string::npos);
        CHECK(read.error().detail.find("other") == std::string::npos);
    }
}

TEST_CASE("a malformed Authorization field is not excused by a good token elsewhere") {
    auth::credential_fields fields;
    fields.authorization = "Basic !!!!";
    fields.private_token = "good";
    CHECK(!auth::read_credentials(fields).has_value());
}

}  // namespace pilothouse::tests::credentials_test
