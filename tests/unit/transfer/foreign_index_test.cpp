#include "transfer/foreign_index.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::foreign_index_test {

using transfer::foreign_entry;
using transfer::read_foreign_index;

namespace {

std::string const digits(64, 'a');

foreign_entry only(std::string const& text) {
    auto const all = read_foreign_index(text);
    REQUIRE(all);
    REQUIRE(all->size() == 1);
    return all->front();
}

std::string entry(std::string const& lines) {
    return "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    urls: [a.tgz]\n" +
           lines;
}

}  // namespace

TEST_CASE("an index is read as YAML and as JSON, in its order") {
    std::string const yaml =
        "apiVersion: v1\nentries:\n  alpha:\n  - apiVersion: v2\n    created: "
        "\"2020-01-02T03:04:05.678Z\"\n"
        "    dependencies:\n    - name: other\n      version: 9.9.9\n    digest: " +
        digits +
        "\n    maintainers:\n    - name: somebody\n      url: https://x\n    name: alpha\n    "
        "urls:\n"
        "    - charts/alpha-1.0.0.tgz\n    - second.tgz\n    version: 1.0.0\n"
        "  beta:\n  - {name: beta, version: 0.1.0, urls: [b.tgz]}\n"
        "  empty: []\n  nothing:\ngenerated: \"2020-01-02T03:04:05Z\"\n";
    std::string const json =
        R"( {"apiVersion":"v1","entries":{"alpha":[{"created":"2020-01-02T03:04:05.678Z",)"
        R"("dependencies":[{"name":"other","version":"9.9.9"}],"name":"alpha","version":"1.0.0",)"
        R"("digest":")" +
        digits +
        R"(","urls":["charts/alpha-1.0.0.tgz","second.tgz"]}],)"
        R"("beta":[{"name":"beta","version":"0.1.0","urls":["b.tgz"]}],"empty":[],"nothing":null}})"
        "\n";
    for (auto const& text : {yaml, json}) {
        auto const all = read_foreign_index(text);
        REQUIRE(all);
        REQUIRE(all->size() == 2);
        auto const& alpha = all->front();
        CHECK(alpha.file_name() == "alpha-1.0.0.tgz");
        CHECK(alpha.url == "charts/alpha-1.0.0.tgz");
        CHECK(alpha.digest == sha256_digest::from_hex(digits));
        CHECK(alpha.created == from_rfc3339("2020-01-02T03:04:05.678Z"));
        CHECK(alpha.fault.empty());
        CHECK(all->back().file_name() == "beta-0.1.0.tgz");
        CHECK(!all->back().digest);
        CHECK(!all->back().created);
    }
}

TEST_CASE("names and versions mean what they mean to Helm, digests what is written") {
    CHECK(only("apiVersion: v1\nentries: {a: [{name: a, version: 1.10, urls: [x]}]}").version ==
          "1.1");
    CHECK(only("apiVersion: v1\nentries: {a: [{name: a, version: \"1.10\", urls: [x]}]}").version ==
          "1.10");
    std::string const number(64, '0');
    CHECK(only(entry("    digest: " + number + "\n")).digest == sha256_digest::from_hex(number));
    CHECK(only(entry("    digest: sha256:" + std::string(64, 'B') + "\n")).digest ==
          sha256_digest::from_hex(std::string(64, 'b')));
    CHECK(only(entry("    created: 2020-01-02T03:04:05Z\n")).created ==
          from_rfc3339("2020-01-02T03:04:05Z"));
    for (char const* const none :
         {"    created: 0001-01-01T00:00:00Z\n", "    created: yesterday\n", "    created: null\n",
          "    digest:\n", "    digest: ~\n"}) {
        CAPTURE(none);
        auto const e = only(entry(none));
        CHECK(!e.created);
        CHECK(!e.digest);
        CHECK(e.fault.empty());
    }
}

TEST_CASE("an entry of which nothing can be made has a fault, and the others do not") {
    for (char const* const one :
         {"{version: 1.0.0, urls: [x]}", "{name: a, urls: [x]}", "{name: a, version: 1.0.0}",
          "{name: a, version: 1.0.0, urls: []}", "{name: a, version: 1.0.0, urls: [~]}",
          "{name: a, version: 1.0.0, urls: x}", "{name: a, version: 1.0.0, urls: [[x]]}",
          "{name: a, version: 1.0.0, urls: [x], digest: short}",
          "{name: &n a, version: *n, urls: [x]}", "{}"}) {
        CAPTURE(one);
        auto const all =
            read_foreign_index("apiVersion: v1\nentries:\n  a:\n  - " + std::string(one) +
                               "\n  - {name: good, version: 1.0.0, urls: [x]}\n");
        REQUIRE(all);
        REQUIRE(all->size() == 2);
        CHECK(!all->front().fault.empty());
        CHECK(all->back().fault.empty());
    }
}

TEST_CASE("what is no index is refused, and what would cost too much") {
    std::vector<std::string> const rows = {
        "",
        "\n# nothing\n",
        "text",
        "- a\n",
        "[]",
        "{}",
        "entries: {}\n",
        "apiVersion: \"\"\nentries: {}\n",
        "apiVersion: v1\nentries: []\n",
        "apiVersion: v1\nentries: text\n",
        "apiVersion: [",
        "{\"apiVersion\":\"v1\",\"entries\":",
        "apiVersion: v1\n\x01\n",
        "apiVersion: v1\n? [a]\n: b\n",
        std::string("\xff\xfe") + "a",
        "{\"apiVersion\":\"v1\",\"x\":" + std::string(200, '[') + std::string(200, ']') + "}",
        "apiVersion: v1\nx: " + std::string(200, '[') + std::string(200, ']'),
        "apiVersion: v1\nx: " + std::string(100'000, '['),
        "apiVersion: v1\nx: " + std::string(100'000, '{'),
    };
    for (auto const& row : rows) {
        CAPTURE(row.substr(0, 60));
        auto const outcome = read_foreign_index(row);
        REQUIRE(!outcome);
        CHECK(outcome.error().code == errc::invalid_argument);
    }
    std::string many = "apiVersion: v1\nentries:\n  a:\n";
    for (int n = 0; n < 20; ++n) many += "  - {name: a}\n";
    CHECK(read_foreign_index(many, 20));
    CHECK(!read_foreign_index(many, 19));
    std::string anchors = "apiVersion: v1\nx:\n";
    for (int n = 0; n < 10'001; ++n) anchors += "- &a x\n";
    CHECK(!read_foreign_index(anchors));
}

TEST_CASE("an index cut anywhere is no index, or one without what was cut off") {
    auto const text = entry("    digest: " + digits + "\n");
    std::string const json =
        R"({"apiVersion":"v1","entries":{"a":[{"name":"a","version":"1","urls":["x"]}]}})";
    for (std::size_t n = 0; n < text.size(); ++n)
        if (auto const part = read_foreign_index(text.substr(0, n))) CHECK(part->size() <= 1);
    for (std::size_t n = 0; n < json.size(); ++n) CHECK(!read_foreign_index(json.substr(0, n)));
    CHECK(read_foreign_index(json));
}

}  // namespace pilothouse::tests::foreign_index_test
