#include "server/cli/control_message.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::control_message_test {

TEST_CASE("a request and an answer survive the way, whatever characters are in them") {
    cli::control_request const request{{"user", "create", "", "a b", "\"\\\n\x01", "\xC3\xA4"},
                                       true};
    auto const line = cli::encode(request);
    CHECK(line.back() == '\n');
    CHECK(line.find('\n') == line.size() - 1);
    auto const read = cli::decode_request(line);
    REQUIRE(read.has_value());
    CHECK(read->arguments == request.arguments);
    CHECK(read->confirmed);

    auto const answer = cli::decode_answer(cli::encode(cli::cli_result{2, "out\nout", "err\t"}));
    REQUIRE(answer.has_value());
    CHECK(answer->result.exit_status == 2);
    CHECK(answer->result.out == "out\nout");
    CHECK(answer->result.err == "err\t");
    CHECK(!answer->attached);
}

TEST_CASE("what is no request is not taken for one") {
    std::vector<std::string> const rows = {
        "",
        "\n",
        "null",
        "[]",
        "{}",
        "{\"argv\":[]}",
        "{\"confirmed\":true}",
        "{\"argv\":\"gc\",\"confirmed\":false}",
        "{\"argv\":[1],\"confirmed\":false}",
        "{\"argv\":[[\"gc\"]],\"confirmed\":false}",
        "{\"argv\":[\"gc\"],\"confirmed\":0}",
        "{\"argv\":[\"gc\"],\"confirmed\":false}x",
        "{\"argv\":[\"gc\"],\"confirmed\":false} {}",
        "{\"argv\":[\"\xFF\"],\"confirmed\":false}",
        "GET / HTTP/1.1",
        std::string(60'000, '['),
    };
    for (auto const& row : rows) {
        CAPTURE(row.substr(0, 40));
        CHECK(!cli::decode_request(row).has_value());
    }
}

TEST_CASE("a request cut anywhere is no request, and an answer no answer") {
    auto const request = cli::encode(cli::control_request{{"gc", "--dry-run"}, false});
    for (std::size_t n = 0; n + 1 < request.size(); ++n)
        CHECK(!cli::decode_request(request.substr(0, n)).has_value());
    auto const answer = cli::encode(cli::cli_result{0, "removed", ""});
    for (std::size_t n = 0; n + 1 < answer.size(); ++n)
        CHECK(!cli::decode_answer(answer.substr(0, n)).has_value());
}

TEST_CASE("what is no answer is not taken for one") {
    for (char const* const row :
         {"{}", "{\"exit\":0}", "{\"exit\":\"0\",\"out\":\"\",\"err\":\"\"}",
          "{\"exit\":0,\"out\":1,\"err\":\"\"}", "{\"exit\":0,\"out\":\"\",\"err\":null}"})
        CHECK(!cli::decode_answer(row).has_value());
}

TEST_CASE("the sizes of files that follow are said, within limits") {
    auto const request =
        cli::decode_request(cli::encode(cli::control_request{{}, true, {0, 1000}}));
    REQUIRE(request.has_value());
    CHECK(request->attached == std::vector<std::uint64_t>{0, 1000});

    auto const file = std::make_shared<storage::blob>();
    file->size_bytes = 7;
    auto const answer = cli::decode_answer(cli::encode(cli::cli_result{0, "", "", file}));
    REQUIRE(answer.has_value());
    CHECK(answer->attached == 7);

    for (char const* const sizes :
         {"5", "[1,2,3]", "[-1]", "[1.5]", "[\"1\"]", "[null]", "[1073741825]"}) {
        CAPTURE(sizes);
        CHECK(!cli::decode_request(std::string("{\"argv\":[],\"confirmed\":true,\"attached\":") +
                                   sizes + "}")
                   .has_value());
    }
    for (char const* const size : {"-1", "[]", "1.5", "null", "1073741825"}) {
        CAPTURE(size);
        CHECK(!cli::decode_answer(
                   std::string("{\"exit\":0,\"out\":\"\",\"err\":\"\",\"attached\":") + size + "}")
                   .has_value());
    }
}

}  // namespace pilothouse::tests::control_message_test
