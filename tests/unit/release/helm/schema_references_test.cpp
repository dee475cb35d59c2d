#include "release/helm/schema_references.hpp"

#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace pilothouse::tests::schema_references_test {

using release::helm::check_schema_references;

namespace {

result<void> check(std::string const& tgz) {
    tests::temp_dir folder;
    auto const file = folder.path() / "chart.tgz";
    std::ofstream(file, std::ios::binary) << tgz;
    return check_schema_references(file);
}

std::string with_schema(std::string const& schema, std::string const& path = "values.schema.json") {
    return tests::chart_builder().file(path, schema).tgz();
}

}  // namespace

TEST_CASE("schemas that keep to themselves are accepted") {
    CHECK(check(tests::chart_builder().tgz()));
    for (char const* const schema :
         {"{}", "true", R"({"$ref":"#/definitions/a","definitions":{"a":{"type":"string"}}})",
          R"({"$ref":"#"})", R"({"$ref":"#anchor"})", R"({"$ref":""})",
          R"({"$schema":"http://json-schema.org/draft-07/schema#"})",
          R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://x/y"})",
          R"({"properties":{"$ref":{"type":"string"},"id":{"description":"https://x"}}})",
          R"({"$ref":"http://json-schema.org/draft-04/schema"})"}) {
        CAPTURE(schema);
        CHECK(check(with_schema(schema)));
    }
}

TEST_CASE("schemas that refer to files, addresses or neighbours are refused, with the reference") {
    for (char const* const address :
         {"file:///etc/passwd", "http://169.254.169.254/latest", "https://h/x.json#/a",
          "other.json", "./other.json", "../../etc/passwd", "/etc/passwd", "//h/x",
          "FILE:///etc/passwd", "http://json-schema.org/draft-07/schema#/definitions/x", "urn:x:y",
          "http://json-schema.org.evil.example/draft-07/schema"}) {
        CAPTURE(address);
        for (char const* const key :
             {"$ref", "$dynamicRef", "$recursiveRef", "$schema", "\\u0024ref"}) {
            auto const schema = R"({"properties":{"a":[{"not":{")" + std::string(key) + R"(":")" +
                                address + "\"}}]}}";
            auto const checked = check(with_schema(schema));
            REQUIRE(!checked);
            CHECK(checked.error().code == errc::wrong_state);
            CHECK(checked.error().detail.find(address) != std::string::npos);
            CHECK(checked.error().detail.find("values.schema.json") != std::string::npos);
        }
    }
}

TEST_CASE("schemas of charts within the chart are looked at, unpacked and packed") {
    std::string const bad = R"({"$ref":"file:///etc/passwd"})";
    CHECK(!check(with_schema(bad, "charts/sub/values.schema.json")));
    CHECK(!check(with_schema(bad, "charts/sub/charts/deep/values.schema.json")));
    auto packed = tests::chart_builder("sub").file("values.schema.json", bad).tgz();
    for (int i = 0; i < 3; ++i) {
        packed = tests::chart_builder("middle").file("charts/sub-1.2.3.tgz", packed).tgz();
        auto const checked = check(packed);
        REQUIRE(!checked);
        CHECK(checked.error().code == errc::wrong_state);
    }
    auto good = tests::chart_builder("sub").tgz();
    CHECK(check(tests::chart_builder().file("charts/sub-1.2.3.tgz", good).tgz()));
    for (int i = 0; i < 12; ++i)
        good = tests::chart_builder("middle").file("charts/sub-1.2.3.tgz", good).tgz();
    CHECK(!check(good));
    // What is not in charts/ is nobody's chart.
    CHECK(check(tests::chart_builder().file("files/odd.tgz", "\x1f\x8b no gzip").tgz()));
}

TEST_CASE("what cannot be read is not trusted") {
    for (char const* const schema : {"", "{", "{}{}", "{'$ref': 'x'}", "\xef\xbb\xbf{}"}) {
        CAPTURE(schema);
        CHECK(check(with_schema(schema)).error().code == errc::wrong_state);
    }
    auto const deep = std::string(2000, '[') + std::string(2000, ']');
    CHECK(!check(with_schema(deep)));
    CHECK(check("no archive").error().code == errc::broken);
    CHECK(check_schema_references("/nowhere/x.tgz").error().code == errc::broken);
}

}  // namespace pilothouse::tests::schema_references_test
