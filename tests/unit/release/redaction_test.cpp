#include "release/redaction.hpp"

#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::redaction_test {

using release::redaction;

TEST_CASE("a secret is struck out wherever it stands, the longest first") {
    redaction const redact({"hunter2", "hunter2-and-more", "abc"});
    CHECK(redact("a hunter2, hunter2-and-more; hunter2") == "a [redacted], [redacted]; [redacted]");
    CHECK(redact("abc is in every sentence") == "abc is in every sentence");
    CHECK(redact("") == "");
    CHECK(redaction()("nothing") == "nothing");
    CHECK(redaction({"redacted"})("the redacted one") == "the [redacted] one");
}

TEST_CASE("a secret is known by the forms in which programs write it") {
    std::string const word = "p\"ss<w>&\\rd";
    redaction const redact({word});
    for (std::string const& form :
         {std::string("p\"ss<w>&\\rd"), std::string(R"(p\"ss<w>&\\rd)"),
          std::string(R"(p\"ss\u003cw\u003e\u0026\\rd)"), std::string("p%22ss%3Cw%3E%26%5Crd")}) {
        CAPTURE(form);
        CHECK(redact("x" + form + "y") == "x[redacted]y");
    }
}

TEST_CASE("a secret is found within what was encoded whole, wherever it begins there") {
    std::string const word = "correct horse battery";
    redaction const redact({word});
    for (std::string const before : {"", "u", "us", "user", "user:"})
        for (std::string const behind : {"", "@", "@h", "@host"}) {
            CAPTURE(before);
            CAPTURE(behind);
            for (auto const form : {base64_form::standard, base64_form::url}) {
                auto const text = redact(encode_base64(before + word + behind, form));
                CHECK(text.find("[redacted]") != text.npos);
                // What is left decides no byte of the secret.
                CHECK(text.size() <= std::string("[redacted]").size() + 20);
            }
        }
}

TEST_CASE("each line of a secret of several lines is one") {
    redaction const redact({"-----BEGIN KEY-----\nMIIEvQIBADAN\n}\n"});
    CHECK(redact("it says MIIEvQIBADAN }") == "it says [redacted] }");
    CHECK(redact(R"("-----BEGIN KEY-----\nMIIEvQIBADAN\n}\n")") == R"("[redacted]")");
}

TEST_CASE("tokens and passwords that nobody named are struck out too") {
    redaction const redact;
    CHECK(redact("Authorization: Bearer abcdef0123456789, more") ==
          "Authorization: Bearer [redacted], more");
    CHECK(redact("authorization: bearer abcdef0123456789") == "authorization: bearer [redacted]");
    CHECK(redact("a bearer of news") == "a bearer of news");
    CHECK(redact("see eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl.") == "see [redacted]");
    CHECK(redact("eyJ alone") == "eyJ alone");
    CHECK(redact("https://user:word@host/x?y=a@b") == "https://[redacted]@host/x?y=a@b");
    CHECK(redact("https://host/a@b") == "https://host/a@b");
}

TEST_CASE("private paths are struck out") {
    redaction const redact({}, {"/var/lib/house/runs"});
    CHECK(redact("open /var/lib/house/runs/run-1/x: no such file") ==
          "open [redacted]/run-1/x: no such file");
}

TEST_CASE("of more secrets than it takes nothing at all is told") {
    std::vector<std::string> secrets;
    for (std::size_t i = 0; i < release::secret_texts_max; ++i)
        secrets.insert(secrets.end(), 2, "secret-" + std::to_string(i) + ";");  // counts once
    CHECK(redaction(secrets)("it is secret-999; again") == "it is [redacted] again");
    CHECK_FALSE(redaction(secrets).withholds());
    secrets.emplace_back("one-more");
    redaction const redact(secrets);
    CHECK(redact.withholds());
    CHECK(redact("it is harmless") == release::withheld_mark);
    CHECK(redact("") == "");
    CHECK(redaction({std::string(release::secret_bytes_max + 1, 'x')}).withholds());
    std::string lines;
    for (int i = 0; i < 20'000; ++i) lines += std::to_string(10'000'000 + i) + "\n";
    REQUIRE(lines.size() < release::secret_bytes_max);
    CHECK(redaction({lines}).withholds());
}

}  // namespace pilothouse::tests::redaction_test
