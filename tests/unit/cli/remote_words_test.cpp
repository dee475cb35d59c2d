// What is said of a server that did not run a command.
#include "server/cli/remote_words.hpp"

#include "server/cli/answer_reader.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::remote_words_test {

namespace {

client::url const tls = client::url::parse("https://h/charts/-/command").value();
client::url const plain = client::url::parse("http://h/-/command").value();

std::string said_of(unsigned status, std::string body = {},
                    std::map<std::string, std::string> fields = {}) {
    return cli::refusal_of({status, tls, std::move(fields), 0, std::move(body)}, tls).detail;
}
bool has(std::string const& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("each status has words that say what to do") {
    CHECK(has(said_of(401), "does not take the token"));
    CHECK(has(said_of(403), "does not allow commands"));
    for (unsigned const status : {404u, 405u, 501u}) {
        CHECK(has(said_of(status), "https://h/charts takes no commands"));
        CHECK(has(said_of(status), "older"));
    }
    CHECK(has(said_of(413), "more than the server takes"));
    CHECK(has(said_of(429), "try again later"));
    CHECK(has(said_of(429, "", {{"retry-after", "30"}}), "in 30 seconds"));
    CHECK(has(said_of(302, "", {{"location", "https://other/"}}), "https://other/"));
    CHECK(has(said_of(504), "look whether the command was done"));
    CHECK(has(said_of(502), "look whether the command was done"));
    CHECK_FALSE(has(said_of(503), "look whether the command was done"));
    CHECK(has(said_of(418), "answers 418"));
}

TEST_CASE("the server's own sentence is taken where it is one, and cannot command a terminal") {
    CHECK(has(said_of(409, R"({"detail":"this server is Pilothouse 2"})"),
              "this server is Pilothouse 2"));
    CHECK(has(said_of(401, R"({"detail":"it ended"})"), "token: it ended"));
    CHECK(said_of(409, "{\"detail\":\"\\u001b[2Jx\\u007f\"}") == "?[2Jx?");
    CHECK(said_of(409, R"({"detail":")" + std::string(10'000, 'x') + "\"}").size() == 500);
    for (auto const* body : {"", "<html>", "[]", R"({"detail":7})", R"({"detail":)"})
        CHECK(said_of(409, body) == "the server takes no commands of this version");
}

TEST_CASE("what is wrong with TLS is said with the way out") {
    auto const of = [](std::string detail, client::url const& where) {
        return cli::not_answered({errc::denied, std::move(detail)}, where).detail;
    };
    CHECK(has(
        of("the server's certificate is not trusted: unable to get local issuer certificate", tls),
        "--ca-file"));
    CHECK(has(of("the server's certificate is not trusted: hostname mismatch", tls),
              "another server's"));
    CHECK(has(of("TLS: wrong version number (SSL routines)", tls), "http://?"));
    CHECK(has(of("the answer is not HTTP: bad version", plain), "https://?"));
    CHECK(has(of("the answer was cut off", plain), "https://"));
    CHECK(has(of("the answer was cut off", tls), "look whether the command was done"));
    CHECK_FALSE(has(of("connecting to h: refused", tls), "look whether"));
    CHECK_FALSE(has(of("h cannot be looked up: x", tls), "look whether"));
}

TEST_CASE("an answer is read however it is cut") {
    std::string const whole = "{\"exit\":3,\"out\":\"o\",\"err\":\"e\",\"attached\":4}\nabcd";
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        CAPTURE(cut);
        std::string file;
        cli::byte_sink const sink = [&file](std::string_view bytes) -> result<void> {
            file += bytes;
            return {};
        };
        cli::answer_reader reader(sink);
        REQUIRE(reader.take(whole.substr(0, cut)));
        REQUIRE(reader.take(whole.substr(cut)));
        auto const done = std::move(reader).finish();
        REQUIRE(done.has_value());
        CHECK(done->exit_status == 3);
        CHECK(done->out == "o");
        CHECK(done->err == "e");
        CHECK(file == "abcd");

        cli::answer_reader shorter(sink);
        REQUIRE(shorter.take(whole.substr(0, cut)));
        CHECK(std::move(shorter).finish().has_value() == (cut == whole.size()));
    }
}

TEST_CASE("what is no answer is told from a sink that fails") {
    cli::byte_sink const none;
    for (std::string_view const text :
         {"<html>\n", "{}\n", "{\"exit\":0,\"out\":\"\",\"err\":\"\"}\nx", "\n"}) {
        cli::answer_reader reader(none);
        CHECK_FALSE(reader.take(text));
        CHECK(reader.is_malformed());
        CHECK_FALSE(reader.failed().has_value());
    }
    cli::byte_sink const full = [](std::string_view) -> result<void> {
        return failure(errc::full, "no room");
    };
    cli::answer_reader reader(full);
    CHECK_FALSE(reader.take("{\"exit\":0,\"out\":\"\",\"err\":\"\",\"attached\":1}\nx"));
    CHECK_FALSE(reader.is_malformed());
    REQUIRE(reader.failed().has_value());
    CHECK(reader.failed()->code == errc::full);
}

}  // namespace pilothouse::tests::remote_words_test
