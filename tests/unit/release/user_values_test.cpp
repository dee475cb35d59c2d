// What user values become, and which are refused: by key, never by text.
#include "release/user_values.hpp"

#include "release/redaction.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::tests::user_values_test {

using release::user_value;
using release::values_given;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

values_given given(pairs const& all) {
    values_given values;
    for (auto const& [key, text] : all) values.pairs.push_back({key, secret(text)});
    return values;
}
std::string merged(pairs const& all) {
    auto const values = merge_values(given(all));
    REQUIRE(values);
    return std::string(values->document.reveal());
}
failure refusal(values_given const& values) {
    auto const made = merge_values(values);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::invalid_argument);
    return made.error();
}
std::string repeated(std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

}  // namespace

TEST_CASE("values of a request become one JSON object") {
    struct row {
        pairs values;
        char const* document;
    };
    row const rows[] = {
        {{}, "{}"},
        {{{"a", "1"}}, R"({"a":1})"},
        {{{"a.b", "x"}, {"a.c", "y"}}, R"({"a":{"b":"x","c":"y"}})"},
        {{{"a.c", "y"}, {"a.b", "x"}}, R"({"a":{"b":"x","c":"y"}})"},
        {{{R"(a\.b.c)", "x"}}, R"({"a.b":{"c":"x"}})"},
        {{{R"(node\[0\])", "x"}}, R"({"node[0]":"x"})"},
        {{{R"(a\\b)", "x"}}, R"({"a\\b":"x"})"},
        {{{"l[1]", "x"}}, R"({"l":[null,"x"]})"},
        {{{"l[1].b", "x"}, {"l[0]", "y"}}, R"({"l":["y",{"b":"x"}]})"},
        {{{"l[0][1]", "x"}}, R"({"l":[[null,"x"]]})"},
        {{{"l", "[1, two, {three: 3}]"}}, R"({"l":[1,"two",{"three":3}]})"},
        {{{"l", "- 1\n- two\n"}}, R"({"l":[1,"two"]})"},
        {{{"a", "b: {c: d}"}}, R"({"a":{"b":{"c":"d"}}})"},
        {{{"a", ""}}, R"({"a":null})"},
        {{{"a", "\"\""}}, R"({"a":""})"},
        {{{"a", "true"}}, R"({"a":true})"},
        {{{"a", "\"true\""}}, R"({"a":"true"})"},
        {{{"a", "yes"}}, R"({"a":"yes"})"},
        {{{"a", "on"}, {"b", "n"}, {"c", "Off"}}, R"({"a":"on","b":"n","c":"Off"})"},
        {{{"a", "2024-01-01"}}, R"({"a":"2024-01-01"})"},
        {{{"a", "0644"}}, R"({"a":"0644"})"},
        {{{"a", "0o17"}}, R"({"a":"0o17"})"},
        {{{"a", "0x1F"}}, R"({"a":31})"},
        {{{"a", "1_000"}}, R"({"a":"1_000"})"},
        {{{"a", "12:30:45"}}, R"({"a":"12:30:45"})"},
        {{{"a", "1234567890123456789012345"}}, R"({"a":1234567890123456789012345})"},
        {{{"a", "1.10"}}, R"({"a":1.10})"},
        {{{"a", "+5"}, {"b", ".5"}, {"c", "5."}, {"d", "-.5e3"}},
         R"({"a":5,"b":0.5,"c":5.0,"d":-0.5e3})"},
        {{{"a", "1.2.3"}}, R"({"a":"1.2.3"})"},
        {{{"a", "-"}}, R"({"a":[null]})"},
        {{{"a", "e5"}, {"b", "+"}, {"c", "."}}, R"({"a":"e5","b":"+","c":"."})"},
        {{{"a", "!!str 5"}}, R"({"a":"5"})"},
        {{{"a", "ключ: значение"}}, R"({"a":{"ключ":"значение"}})"},
        {{{"метка.ключ", "\"\\u00e9\\t\""}}, R"({"метка":{"ключ":"é\t"}})"},
        // What YAML, as which Helm reads the document, has other ideas of than JSON.
        {{{"a", "\"x\\u0085y\\u2028z\\x7f\\ufeff\""}}, R"({"a":"x\u0085y\u2028z\u007f\ufeff"})"},
        {{{"a\xc2\x85", "é"}}, R"({"a\u0085":"é"})"},
        {{{"a", "{1: x, y: z, true: w}"}}, R"({"a":{"1":"x","true":"w","y":"z"}})"},
        {{{"a", "{x: &k {p: 1}, y: *k}"}}, R"({"a":{"x":{"p":1},"y":{"p":1}}})"},
        {{{"a", "base: &b {p: 1, q: 2}\nuse:\n  <<: *b\n  q: 3\n"}},
         R"({"a":{"base":{"p":1,"q":2},"use":{"p":1,"q":3}}})"},
        {{{"a", "--- 1"}}, R"({"a":1})"},
        {{{"a", "|\n  one\n  two\n"}}, R"({"a":"one\ntwo\n"})"},
    };
    for (auto const& r : rows) {
        CAPTURE(r.document);
        CHECK(merged(r.values) == r.document);
    }
}

TEST_CASE("values that are none are refused by their key, and their text is told to nobody") {
    char const* const text = "5ecret";
    struct row {
        pairs values;
        char const* words;
    };
    row const rows[] = {
        {{{"", "1"}}, "empty"},
        {{{".", "1"}}, "segment is empty"},
        {{{"a..b", "1"}}, "segment is empty"},
        {{{"a.", "1"}}, "segment is empty"},
        {{{".a", "1"}}, "segment is empty"},
        {{{"[0]", "1"}}, "segment is empty"},
        {{{"a[", "1"}}, "not closed"},
        {{{"a[]", "1"}}, "belongs a number"},
        {{{"a[-1]", "1"}}, "belongs a number"},
        {{{"a[01]", "1"}}, "belongs a number"},
        {{{"a[1001]", "1"}}, "above 1000"},
        {{{"a[99999999999999999999999]", "1"}}, "above 1000"},
        {{{"a]", "1"}}, "not opened"},
        {{{"a[0]b", "1"}}, "belongs a dot"},
        {{{"a\\", "1"}}, "backslash"},
        {{{"a\\b", "1"}}, "backslash"},
        {{{repeated("a", 513), "1"}}, "512 bytes"},
        {{{"a" + repeated(".a", 20), "1"}}, "20 deep"},
        {{{"a", "1"}, {"a", "2"}}, "twice"},
        {{{"a[0]", "1"}, {"a[0]", "2"}}, "twice"},
        {{{"a", "1"}, {"a.b", "2"}}, "lies within another value"},
        {{{"a.b", "2"}, {"a", "1"}}, "lie within it"},
        {{{"a", "{c: 1}"}, {"a.b", "2"}}, "lies within another value"},
        {{{"a", ""}, {"a.b", "2"}}, "lies within another value"},
        {{{"a.b", "1"}, {"a[0]", "2"}}, "list of a map"},
        {{{"a[0]", "1"}, {"a.b", "2"}}, "list of a map"},
        {{{"a", "[5ecret"}}, "a key is a list or a map"},
        {{{"a", "5ecret: {"}}, "not YAML"},
        {{{"a", "\"5ecret"}}, "not YAML"},
        {{{"a", "x: 5ecret: y"}}, "not YAML"},
        {{{"a", "5ecret\n---\nb"}}, "not YAML"},
        {{{"a", "\xff"}}, "UTF-8"},
        {{{"a", std::string("a\0b", 3)}}, "control character"},
        {{{"a", "{5ecret: 1, 5ecret: 2}"}}, "twice"},
        {{{"a", "{[5ecret]: 1}"}}, "a key is"},
        {{{"a", "{~: 5ecret}"}}, "null"},
        {{{"a", ".inf"}}, "finite"},
        {{{"a", "-.INF"}}, "finite"},
        {{{"a", ".nan"}}, "finite"},
        {{{"a", "1e999"}}, "too large"},
        {{{"a", "!!int 5ecret"}}, "tag"},
        {{{"a", "!!binary 5ecret"}}, "tag"},
        {{{"a", "!mine 5ecret"}}, "tag"},
        {{{"a", "&x [*x]"}}, "inside of what it names"},
        {{{"a", "*5ecret"}}, "not YAML"},
        {{{"a", "<<: 5ecret"}}, "merged"},
        {{{"a", repeated("[", 51) + repeated("]", 51)}}, "50 deep"},
        {{{"a", std::string(65'537, 'x')}}, "64 KiB"},
    };
    for (auto const& r : rows) {
        CAPTURE(std::string(r.words));
        CAPTURE(r.values[0].second);
        auto const why = refusal(given(r.values));
        CHECK_MESSAGE(why.detail.find(r.words) != std::string::npos, why.detail);
        CHECK(why.detail.find(text) == std::string::npos);
        CHECK(why.cause.find(text) == std::string::npos);
    }
}

TEST_CASE("values that would become too much are refused, and soon") {
    SUBCASE("aliases that stand for each other") {
        std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 10; ++i) {
            auto const below = "*a" + std::to_string(i - 1);
            auto const name = "a" + std::to_string(i);
            bomb += name + ": &" + name + " [" + below + repeated(", " + below, 9) + "]\n";
        }
        CHECK(refusal(given({{"a", bomb}})).detail.find("aliases") != std::string::npos);
    }
    SUBCASE("a hundred thousand aliases of one text") {
        auto const doc =
            "x: &x " + std::string(2000, 'x') + "\ny: [*x" + repeated(",*x", 2000) + "]";
        CHECK(refusal(given({{"a", doc}})).detail.find("aliases") != std::string::npos);
    }
    SUBCASE("257 values") {
        pairs all;
        for (int i = 0; i < 257; ++i) all.emplace_back("k" + std::to_string(i), "1");
        CHECK(refusal(given(all)).detail == "there are more than 256 user values");
        all.pop_back();
        CHECK(merge_values(given(all)));
    }
    SUBCASE("10,000 keys") {
        std::string doc;
        for (int i = 0; i < 10'001; ++i) doc += "k" + std::to_string(i) + ": 1\n";
        values_given values;
        values.documents.emplace_back(doc);
        CHECK(refusal(values).detail.find("too many") != std::string::npos);
    }
    SUBCASE("lists that are holes") {
        pairs all;
        for (int i = 0; i < 20; ++i) all.emplace_back("k" + std::to_string(i) + "[1000]", "1");
        CHECK(refusal(given(all)).detail.find("too long") != std::string::npos);
    }
    SUBCASE("512 KiB") {
        pairs all;
        for (int i = 0; i < 9; ++i)
            all.emplace_back("k" + std::to_string(i), std::string(60'000, 'x'));
        CHECK(refusal(given(all)).detail.find("512 KiB") != std::string::npos);
    }
    SUBCASE("brackets") {
        auto const text = repeated("[],", 20'000);
        CHECK(refusal(given({{"a", "[" + text + "]"}})).detail.find("intricate") !=
              std::string::npos);
    }
}

TEST_CASE("reserved keys name the release, and are no values") {
    auto const values =
        merge_values(given({{"applicationName", "\"shop\""}, {"namespace", "123"}, {"a", "1"}}));
    REQUIRE(values);
    CHECK(values->name == "shop");
    CHECK(values->name_space == "123");
    CHECK(values->document.reveal() == R"({"a":1})");
    CHECK_FALSE(values->empty);
    auto const names = merge_values(given({{"applicationName", " shop\n"}}));
    REQUIRE(names);
    CHECK(names->name == "shop");
    CHECK_FALSE(names->name_space);
    CHECK(names->empty);
    refusal(given({{"applicationName", "a"}, {"applicationName", "b"}}));
}

TEST_CASE("documents are merged as Helm merges its files, and pairs lie over them") {
    values_given values;
    values.documents.emplace_back("a: {x: 1, y: [1, 2, 3]}\nb: {c: 1}\n");
    values.documents.emplace_back("# nothing\n");
    values.documents.emplace_back("a: {x: 2, z: null}\n");
    values.pairs = given({{"a.y[1]", "two"}, {"b", "{d: 1}"}, {"e.f", "g"}}).pairs;
    auto const made = merge_values(values);
    REQUIRE(made);
    CHECK(made->document.reveal() ==
          R"({"a":{"x":2,"y":[1,"two",3],"z":null},"b":{"d":1},"e":{"f":"g"}})");
    CHECK_FALSE(made->empty);
    values.documents.emplace_back("[1]");
    CHECK(refusal(values).detail == "document 4 of values: it is no map");
}

TEST_CASE("what looks secret by its key is known, and names of secrets are not") {
    secret const document(R"({"db":{"password":"hunter2hunter","user":"admin-user"},
        "apiKey":"abcdef","pin":{"secrets":["one-secret",{"x":12345678}]},"short":{"token":"abc"},
        "existingSecretName":"my-secret-name","topologyKey":"kubernetes.io/host",
        "tls":{"privateKey":"-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG\n"}})");
    auto found = release::secret_texts(document);
    std::ranges::sort(found);
    std::vector<std::string> const wanted{"-----BEGIN PRIVATE KEY-----",
                                          "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG\n",
                                          "12345678",
                                          "MIIBVgIBADANBgkqhkiG",
                                          "abcdef",
                                          "hunter2hunter",
                                          "one-secret"};
    CHECK(found == wanted);
    CHECK(release::secret_texts(secret("no JSON")).empty());
    CHECK(release::secret_texts(secret()).empty());
}

TEST_CASE("values are shown as YAML that means the same") {
    secret const document(
        R"({"a":{"b":[1,"x",{"c":null},[]],"yes":"yes"},"d.e/f":1.5,"odd: key":"line\nbreak"})");
    CHECK(release::values_as_yaml(document).reveal() ==
          "a:\n  b:\n    - 1\n    - \"x\"\n    -\n      c: null\n    - []\n  \"yes\": \"yes\"\n"
          "d.e/f: 1.5\n\"odd: key\": \"line\\nbreak\"\n");
    CHECK(release::values_as_yaml(secret("null")).reveal() == "{}\n");
}

TEST_CASE("a value beside a name that looks secret is one, wherever the pair stands") {
    secret const document(R"({"env":[{"name":"DB_PASSWORD","value":"hunter22"},
        {"name":"LOG_LEVEL","value":"verbose"},{"value":"abcdefgh","name":"api-token"},
        {"name":"SECRET_NAME","value":"plain-name"},{"name":7,"value":"seven-plain"},
        {"name":"APP_TOKEN","value":{"deep":["below-it"]},"comment":"harmless"}]})");
    std::vector<std::string> const wanted{"abcdefgh", "below-it", "hunter22"};
    CHECK(release::secret_texts(document) == wanted);
}

TEST_CASE("of a secret of very many lines so many are told that nothing else will be") {
    std::string lines;
    for (int i = 0; i < 20'000; ++i) lines += "line-number-" + std::to_string(10'000 + i) + "\\n";
    auto const found = release::secret_texts(secret(R"({"password":")" + lines + R"("})"));
    CHECK(found.size() <= release::secret_texts_max + 1);
    CHECK(release::redaction(found).withholds());
    auto const twice = release::secret_texts(secret(R"({"token":"abcdefgh","key":"abcdefgh"})"));
    CHECK(twice == std::vector<std::string>{"abcdefgh"});
}

}  // namespace pilothouse::tests::user_values_test
