#include "chart/chart_metadata.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::chart_metadata_test {

using namespace pilothouse::chart;
using namespace std::string_literals;

namespace {

constexpr std::string_view base = "apiVersion: v2\nname: mychart\nversion: 1.2.3\n";

chart_metadata metadata(std::string_view yaml, std::string_view requirements = {}) {
    auto parsed = parse_chart_metadata(yaml, requirements);
    REQUIRE_MESSAGE(parsed, yaml);
    return *parsed;
}

chart_metadata with(std::string_view lines) {
    return metadata(std::string(base) + std::string(lines));
}

failure refusal(std::string_view yaml, std::string_view requirements = {}) {
    auto const parsed = parse_chart_metadata(yaml, requirements);
    REQUIRE_MESSAGE(!parsed, yaml);
    return parsed.error();
}

}  // namespace

TEST_CASE("every field that Helm knows is read") {
    auto const m = with(R"(
description: What it does
home: https://example.com
icon: https://example.com/i.png
condition: a.enabled
tags: x
appVersion: "1.10"
kubeVersion: ">=1.20"
type: application
deprecated: true
sources: [https://a, https://b]
keywords:
- one
- two
maintainers:
- name: Ada
  email: ada@example.com
  url: https://ada
- {}
annotations:
  category: Database
  empty:
dependencies:
- name: common
  version: 1.x.x
  repository: https://r
  condition: common.enabled
  tags: [t]
  enabled: true
  import-values:
  - data
  - {child: a.b, parent: c}
  - 1.10
  - ~
  - {unknown: shape}
  alias: own-name_1
)");
    CHECK(m.name == "mychart");
    CHECK(m.version == "1.2.3");
    CHECK(m.api_version == "v2");
    CHECK(m.description == "What it does");
    CHECK(m.home == "https://example.com");
    CHECK(m.icon == "https://example.com/i.png");
    CHECK(m.condition == "a.enabled");
    CHECK(m.tags == "x");
    CHECK(m.app_version == "1.10");
    CHECK(m.kube_version == ">=1.20");
    CHECK(m.type == "application");
    CHECK(m.deprecated);
    CHECK(m.sources == std::vector{"https://a"s, "https://b"s});
    CHECK(m.keywords == std::vector{"one"s, "two"s});
    REQUIRE(m.maintainers.size() == 2);
    CHECK(m.maintainers[0].email == "ada@example.com");
    CHECK(m.maintainers[1].name.empty());
    CHECK(m.annotations ==
          std::map<std::string, std::string>{{"category", "Database"}, {"empty", ""}});
    REQUIRE(m.dependencies.size() == 1);
    auto const& d = m.dependencies[0];
    CHECK(d.repository == "https://r");
    CHECK(d.tags == std::vector{"t"s});
    CHECK(d.enabled == true);
    CHECK(d.alias == "own-name_1");
    REQUIRE(d.import_values.size() == 3);
    CHECK(d.import_values[0].text == "data");
    CHECK(d.import_values[1].child_parent == std::pair{"a.b"s, "c"s});
    CHECK(d.import_values[2].text == "1.1");
}

TEST_CASE(
    "scalars are coerced where text is wanted, in fields, lists, annotations and dependencies") {
    auto const m = with(
        "appVersion: 1.10\nkubeVersion: 0x10\ndescription: yes\nkeywords: [1.0, ~, 2024-01-01]\n"
        "annotations: {1.10: 017, a: off}\ndependencies: [{name: 1e3, version: 1.20}]\n");
    CHECK(m.app_version == "1.1");
    CHECK(m.kube_version == "16");
    CHECK(m.description == "true");
    CHECK(m.keywords == std::vector{"1"s, ""s, "2024-01-01"s});
    CHECK(m.annotations == std::map<std::string, std::string>{{"1.1", "15"}, {"a", "false"}});
    CHECK(m.dependencies[0].name == "1000");
    CHECK(m.dependencies[0].version == "1.2");
}

TEST_CASE("version and name are coerced too, and then judged") {
    struct row {
        std::string_view written, version;
    };
    for (auto const& [written, version] :
         {row{"1.10", "1.1"}, row{"1e3", "1000"}, row{"0x10", "16"}, row{"1_000", "1000"},
          row{"2024-01-01", "2024-01-01"}, row{"\"1.10\"", "1.10"}, row{"!!str 1.10", "1.10"},
          row{"1.2", "1.2"}, row{"v1.2.3", "v1.2.3"}, row{"01.2.3", "01.2.3"},
          row{"1.2.3+build.5", "1.2.3+build.5"}}) {
        CAPTURE(written);
        CHECK(metadata("name: a\nversion: " + std::string(written) + "\n").version == version);
    }
    CHECK(metadata("name: 1.10\nversion: 1.0.0\n").name == "1.1");
}

TEST_CASE("field names match in any case, and the one in small letters wins") {
    auto const m = metadata(
        "APIVERSION: v2\nNAME: a\nVersion: 1.0.0\nKeywords: [k]\nappVersion: exact\nAPPVERSION: "
        "no\n"
        "Maintainers: [{NAME: x}]\n");
    CHECK(m.api_version == "v2");
    CHECK(m.name == "a");
    CHECK(m.version == "1.0.0");
    CHECK(m.keywords == std::vector{"k"s});
    CHECK(m.app_version == "exact");
    CHECK(m.maintainers[0].name == "x");
}

TEST_CASE("unknown keys, a second document and a byte order mark do no harm") {
    CHECK(with("engine: gotpl\ntillerVersion: '>=2'\nfoo: {bar: [1]}\n").name == "mychart");
    CHECK(with("---\nname: other\n").name == "mychart");
    CHECK(metadata("\xef\xbb\xbf" + std::string(base)).name == "mychart");
    CHECK(metadata("name: a\nversion: 1.0.0\n").api_version == "v1");
    CHECK(with("foo: [3.5e38, inf, '.inf']\nhome: .inf\n").home == "+Inf");
    CHECK(with("deprecated: no\nkeywords:\nmaintainers: ~\ntype: ''\nhome:\n").deprecated == false);
}

TEST_CASE("text is sanitised, version, type, annotations, alias and import values are not") {
    auto const m = with(
        "description: \"a\\tb\\u200bc\\nd\"\nhome: \"x\\u00a0y\"\nkeywords: [\"k\\u0007\"]\n"
        "annotations: {\"a\\tb\": \"c\\nd\"}\nmaintainers: [{name: \"A\\u202eB\"}]\n"
        "dependencies: [{name: \"d\\te\", tags: [\"t\\u200b\"], import-values: [\"i\\tj\"]}]\n");
    CHECK(m.description == "a bc d");
    CHECK(m.home == "x y");
    CHECK(m.keywords == std::vector{"k"s});
    CHECK(m.annotations == std::map<std::string, std::string>{{"a\tb", "c\nd"}});
    CHECK(m.maintainers[0].name == "AB");
    CHECK(m.dependencies[0].name == "d e");
    CHECK(m.dependencies[0].tags == std::vector{"t"s});
    CHECK(m.dependencies[0].import_values[0].text == "i\tj");
}

TEST_CASE("a file of the wrong shape is refused with the field's name") {
    struct row {
        std::string_view lines, field;
    };
    for (auto const& [lines, field] : {
             row{"keywords: a\n", "keywords"},
             row{"sources: a\n", "sources"},
             row{"keywords: [[a]]\n", "keywords"},
             row{"deprecated: 'true'\n", "deprecated"},
             row{"deprecated: 1\n", "deprecated"},
             row{"maintainers: [bob]\n", "maintainers"},
             row{"maintainers: {a: b}\n", "maintainers"},
             row{"annotations: a\n", "annotations"},
             row{"annotations: {a: {b: c}}\n", "annotations"},
             row{"annotations: {a: [b]}\n", "annotations"},
             row{"dependencies: {a: b}\n", "dependencies"},
             row{"description: [a]\n", "description"},
             row{"dependencies: [{name: a, tags: b}]\n", "dependencies.tags"},
             row{"dependencies: [{name: a, enabled: 'yes'}]\n", "dependencies.enabled"},
             row{"foo: {bar: [.inf]}\n", "foo"},
             row{"home: {}\n", "home"},
         }) {
        CAPTURE(lines);
        auto const why = refusal(std::string(base) + std::string(lines));
        CHECK(why.code == errc::invalid_metadata);
        CHECK(why.detail.find("\"" + std::string(field) + "\"") != std::string::npos);
    }
    for (std::string_view const yaml : {"- a\n", "chart\n", "[", "a: b: c\n", "name: a\0\n"})
        CHECK(refusal(yaml).code == errc::invalid_metadata);
}

TEST_CASE("a chart without name or version is refused as unreadable") {
    for (std::string_view const yaml :
         {"", "# nothing\n", "{}", "version: 1.0.0\n", "name: ~\nversion: 1.0.0\n",
          "name: \"\"\nversion: 1.0.0\n", "name: a\n", "name: a\nversion: ~\n",
          "name: a\nversion: ''\n"}) {
        CAPTURE(yaml);
        auto const why = refusal(yaml);
        CHECK(why.code == errc::invalid_metadata);
        CHECK(why.detail.find("is missing") != std::string::npos);
    }
}

TEST_CASE("a chart that breaks one of Helm's rules is refused") {
    for (std::string_view const yaml :
         {"name: .\nversion: 1.0.0\n", "name: ..\nversion: 1.0.0\n", "name: a/b\nversion: 1.0.0\n",
          "name: ../evil\nversion: 1.0.0\n", "name: a\nversion: latest\n",
          "name: a\nversion: 1.2.3.4\n", "name: a\nversion: \"1.2.3 \"\n",
          "name: a\nversion: true\n", "name: a\nversion: 20231015.1\n",
          "name: a\nversion: 1.0.0\ntype: plugin\n",
          "name: a\nversion: 1.0.0\nmaintainers: [null]\n",
          "name: a\nversion: 1.0.0\ndependencies: [null]\n",
          "name: a\nversion: 1.0.0\ndependencies: [{name: b, alias: a b}]\n",
          "name: a\nversion: 1.0.0\ndependencies: [{name: b, alias: \"\u00e4\"}]\n",
          "name: a\nversion: 1.0.0\ndependencies: [{name: b}, {name: b}]\n",
          "name: a\nversion: 1.0.0\ndependencies: [{name: b}, {name: c, alias: b}]\n",
          "name: a\nname: b\nversion: 1.0.0\n"}) {
        CAPTURE(yaml);
        CHECK(refusal(yaml).code == errc::unacceptable_chart);
    }
}

TEST_CASE("a name or version that sanitising would change is refused") {
    for (std::string_view const yaml :
         {"name: \"a\\u200bb\"\nversion: 1.0.0\n", "name: \"a\\tb\"\nversion: 1.0.0\n",
          "name: \"a\\u202eb\"\nversion: 1.0.0\n", "name: \"\\e[2J\"\nversion: 1.0.0\n",
          "name: \"\\u200b\"\nversion: 1.0.0\n", "name: a\nversion: \"1.0.0\\u200b\"\n",
          "name: a\nversion: \"1.0.0\\e[2J\"\n"}) {
        CAPTURE(yaml);
        CHECK(refusal(yaml).code == errc::unacceptable_chart);
    }
}

TEST_CASE("what Helm does not check is not checked") {
    CHECK(with("kubeVersion: banana\nhome: not a url\ndependencies: [{name: a, version: not a "
               "range}]\n")
              .kube_version == "banana");
    CHECK(with("type: library\n").type == "library");
    CHECK(with("dependencies: [{name: a}, {name: a, alias: b}]\n").dependencies.size() == 2);
    CHECK(with("dependencies: [{name: a, enabled: false}]\n").dependencies[0].enabled ==
          std::nullopt);
}

TEST_CASE("requirements.yaml is read over Chart.yaml") {
    std::string const v1 = "name: a\nversion: 1.0.0\n";
    auto const m = metadata(v1, "dependencies:\n- {name: b, version: 1.10, repository: x}\n");
    REQUIRE(m.dependencies.size() == 1);
    CHECK(m.dependencies[0].version == "1.1");
    auto const both = metadata(v1 + "dependencies: [{name: b, version: '1'}, {name: c}]\n",
                               "dependencies: [{repository: r}]\n");
    REQUIRE(both.dependencies.size() == 1);
    CHECK(both.dependencies[0].name == "b");
    CHECK(both.dependencies[0].repository == "r");
    CHECK(metadata(v1, "# nothing\n").dependencies.empty());
    auto const why = refusal(v1, "dependencies: [\n");
    CHECK(why.code == errc::invalid_metadata);
    CHECK(why.detail.starts_with("requirements.yaml: "));
}

TEST_CASE("a Chart.yaml cut at any byte is read or refused, never worse") {
    std::string const yaml =
        std::string(base) +
        "description: \"a \\u00e9 \\\" b\"\nhome: 'it''s'\nkeywords: [a, {b: c}]\n"
        "annotations:\n  ? k\n  : |2-\n     x\n  y: >+\n    z\n\n"
        "x: &x [1, *y]\nmaintainers:\n- {name: \u00e4}\n- <<: {email: b}\n";
    for (std::size_t cut = 0; cut <= yaml.size(); ++cut) {
        auto const whole = std::string_view(yaml).substr(0, cut);
        for (auto const& mutated :
             {std::string(whole), std::string(whole) + "\"", std::string(whole) + "\n- "}) {
            auto const parsed = parse_chart_metadata(mutated);
            if (!parsed) CHECK_FALSE(parsed.error().detail.empty());
        }
    }
}

}  // namespace pilothouse::tests::chart_metadata_test
