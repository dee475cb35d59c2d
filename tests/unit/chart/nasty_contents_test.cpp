// The table of nasty archives (contracts: archives), what concerns the files within: YAML,
// metadata, subcharts. The numbers are the table's.
#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/unit/chart/inspected.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::nasty_contents_test {

using namespace std::string_literals;

namespace {

struct row {
    std::string_view number;
    chart_builder chart;
    std::optional<errc> refused;
    std::string_view word;  // of the reason, or of the warning; empty for none
};

void judge(row const& r) {
    CAPTURE(r.number);
    auto const chart = inspected(r.chart.tgz());
    if (!chart) {
        CAPTURE(chart.error().detail);
        REQUIRE(r.refused);
        CHECK(chart.error().code == *r.refused);
        CHECK(chart.error().detail.find(r.word) != std::string::npos);
        return;
    }
    REQUIRE_FALSE(r.refused);
    CHECK(chart->warnings.empty() == r.word.empty());
    if (!chart->warnings.empty()) CHECK(chart->warnings.front().find(r.word) != std::string::npos);
}

chart_builder with(std::string_view lines) { return chart_builder().chart_yaml_with(lines); }
chart_builder yaml(std::string text) { return chart_builder().chart_yaml(std::move(text)); }
chart_builder named(std::string const& name) {
    return yaml("apiVersion: v2\nname: " + name + "\nversion: 1.2.3\n").top("mychart/");
}
chart_builder versioned(std::string const& version) {
    return yaml("apiVersion: v2\nname: mychart\nversion: " + version + "\n");
}
chart_builder file(std::string path, std::string data) {
    return chart_builder().file(std::move(path), std::move(data));
}
chart_builder twice(std::string second) {
    return chart_builder().member({.path = "mychart/Chart.yaml", .data = std::move(second)});
}

std::string alias_bomb() {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 9; ++i) {
        auto const below = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
        for (int k = 0; k < 9; ++k) bomb += ", " + below;
        bomb += "]\n";
    }
    return bomb;
}

std::string const sub = "name: sub\nversion: 1.0.0\n";

}  // namespace

TEST_CASE("rows 17 to 23: one Chart.yaml, in sound YAML") {
    for (auto const& r : {
             row{"17", twice("version: 9.9.9\n"), errc::unacceptable_chart, "twice"},
             row{"18", twice("name: other\nversion: 2.0.0\n"), errc::unacceptable_chart, "twice"},
             row{"19", with("name: other\n"), errc::unacceptable_chart, "\"name\" stands twice"},
             row{"20, Chart.yaml", with(alias_bomb()), errc::unacceptable_chart, "nodes"},
             row{"20, values.yaml", file("values.yaml", alias_bomb()), errc::unacceptable_chart,
                 "values.yaml: Its aliases"},
             row{"21", file("values.yaml", "a: " + std::string(20'000, '[')),
                 errc::unacceptable_chart, "deep"},
             row{"22, Latin-1", with("description: caf\xe9\n"), errc::invalid_metadata, "UTF-8"},
             row{"22, NUL", with("description: a\0b\n"s), errc::invalid_metadata, "control"},
             row{"22, DEL", with("description: a\x7f\n"), errc::invalid_metadata, "control"},
             row{"23, UTF-16", yaml("\xff\xfen\0a\0"s), errc::invalid_metadata, "UTF-16"},
             row{"23, UTF-8", yaml("\xef\xbb\xbfname: mychart\nversion: 1.2.3\n"), {}, ""},
         })
        judge(r);
}

TEST_CASE("row 25: text is sanitised as Helm does it") {
    auto const chart = inspected(
        with("description: \"a\\ab\\tc\\nd\\u200be\\u2028f\\0g\\u00a0h\\u00adi\"\n").tgz());
    REQUIRE(chart);
    CHECK(chart->metadata.description == "ab c de fg hi");
}

TEST_CASE("rows 26 to 28: what lies in charts/") {
    std::string deep = "charts/c/", deeper;
    for (int i = 0; i < 20; ++i) deeper += deep;
    chart_builder many;
    for (int i = 0; i < 1001; ++i) many.file("charts/c" + std::to_string(i) + "/Chart.yaml", sub);
    for (auto const& r : {
             row{"26, packed", file("charts/sub-1.0.0.tgz", chart_builder("sub").tgz()), {}, ""},
             row{"26, not gzip", file("charts/sub-1.0.0.tgz", "hello"), errc::unacceptable_chart,
                 "not gzip"},
             row{"26, empty", file("charts/sub-1.0.0.tgz", ""), errc::unacceptable_chart,
                 "not gzip"},
             row{"26, a folder named so", file("charts/sub.tgz/Chart.yaml", sub),
                 errc::unacceptable_chart, "charts/"},
             row{"26, no chart", file("charts/foo/README.md", "x"), errc::unacceptable_chart,
                 "\"charts/foo/\" must hold a chart"},
             row{"26, a file", file("charts/README.md", "x"), errc::unacceptable_chart,
                 "\"charts/README.md\""},
             row{"26, ignored", file("charts/_x", "x").file("charts/.y/z", "x"), {}, ""},
             row{"26, provenance",
                 file("charts/x.tgz.prov", "x").file("charts/a/b.prov", "x"),
                 {},
                 ""},
             row{"unpacked",
                 file("charts/foo/Chart.yaml", sub).file("charts/foo/values.yaml", "a: 1\n"),
                 {},
                 ""},
             row{"unpacked, its Chart.yaml last",
                 file("charts/foo/values.yaml", "").file("charts/foo/Chart.yaml", sub),
                 {},
                 ""},
             row{"unpacked, invalid", file("charts/foo/Chart.yaml", "name: foo\n"),
                 errc::unacceptable_chart, "charts/foo/: Chart.yaml: The field \"version\""},
             row{"unpacked, twice",
                 file("charts/foo/Chart.yaml", sub)
                     .member({.path = "mychart/charts/foo/Chart.yaml", .data = sub}),
                 {},
                 ""},
             row{"unpacked, duplicate dependency from requirements.yaml",
                 file("charts/foo/requirements.yaml", "dependencies: [{name: a}, {name: a}]\n")
                     .file("charts/foo/Chart.yaml", sub),
                 errc::unacceptable_chart, "More than one dependency"},
             row{"unpacked, values of the wrong shape",
                 file("charts/foo/Chart.yaml", sub).file("charts/foo/values.yaml", "[]"),
                 errc::unacceptable_chart, "charts/foo/values.yaml"},
             row{"unpacked, with a name that Helm takes and we would not",
                 file("charts/foo/Chart.yaml", "name: a b\nversion: 1\n"),
                 {},
                 ""},
             row{"unpacked in an unpacked one",
                 file("charts/a/Chart.yaml", sub)
                     .file("charts/a/charts/b/Chart.yaml", sub)
                     .file("charts/a/charts/c-1.tgz", chart_builder("c").tgz()),
                 {},
                 ""},
             row{"no chart in an unpacked one",
                 file("charts/a/Chart.yaml", sub).file("charts/a/charts/README", "x"),
                 errc::unacceptable_chart, "\"charts/a/charts/README\""},
             row{"no chart between two", file("charts/a/charts/b/Chart.yaml", sub),
                 errc::unacceptable_chart, "\"charts/a/\" must hold a chart"},
             row{"nothing but an ignored file in the charts/ of none",
                 file("charts/a/charts/_x", "x"), errc::unacceptable_chart,
                 "\"charts/a/\" must hold a chart"},
             row{"28, unpacked", file(deeper + "Chart.yaml", sub), errc::unacceptable_chart,
                 "nested"},
             row{"very many", many, errc::unacceptable_chart, "1000"},
         })
        judge(r);
}

TEST_CASE("row 27: packed subcharts are not unpacked, whatever is in them") {
    auto const bomb = gzip(std::string(95 * 1024 * 1024, '\0'));
    chart_builder chart;
    for (int i = 0; i < 40; ++i) chart.file("charts/bomb" + std::to_string(i) + ".tgz", bomb);
    judge({"27", chart, {}, ""});
}

TEST_CASE("rows 29 to 33: what Chart.yaml must say") {
    for (auto const& r : {
             row{"29, no name", yaml("version: 1.2.3\n"), errc::invalid_metadata, "\"name\""},
             row{"29, no version", yaml("name: mychart\n"), errc::invalid_metadata, "\"version\""},
             row{"29, empty", yaml(""), errc::invalid_metadata, "\"name\""},
             row{"29, a list", yaml("- name: mychart\n"), errc::invalid_metadata, "a map"},
             row{"30, none", yaml("name: mychart\nversion: 1.2.3\n"), {}, ""},
             row{"30, v3", yaml("apiVersion: v3\nname: mychart\nversion: 1.2.3\n"), {}, "v3"},
             row{"30, banana", yaml("apiVersion: banana\nname: mychart\nversion: 1.2.3\n"),
                 errc::unacceptable_chart, "banana"},
             row{"31", with("engine: gotpl\nanything: {a: [b]}\n"), {}, ""},
             row{"32", with("---\nname: other\nversion: 2.0.0\n"), {}, ""},
             row{"33, plugin", with("type: plugin\n"), errc::unacceptable_chart, "plugin"},
             row{"33, library", with("type: library\n"), {}, ""},
         })
        judge(r);
}

TEST_CASE("rows 58 and 59: names") {
    for (std::string const name : {"a/b", "../evil", ".", "..", "a b", "\u00e4", "a:b", "a?b",
                                   "'a#b'", "a%2Fb", "<script>", "-x", "a\\b"}) {
        CAPTURE(name);
        judge({"58, 59", named(name), errc::unacceptable_chart, "name"});
    }
    judge({"59, 300 characters", named(std::string(300, 'a')), errc::unacceptable_chart, "250"});
    for (std::string const name : {"null", "~", "\"\"", ""}) {
        CAPTURE(name);
        judge({"58, none", named(name), errc::invalid_metadata, "missing"});
    }
    auto const number = inspected(named("1.10").tgz());
    REQUIRE(number);
    CHECK(number->name.text() == "1.1");
    CHECK(inspected(named("Index.yaml").top("Index.yaml/").tgz()));
}

TEST_CASE("rows 60 and 61: versions") {
    struct pair {
        std::string written, version;
    };
    for (auto const& [written, version] :
         {pair{"1.2", "1.2"}, pair{"v1.2.3", "v1.2.3"}, pair{"01.2.3", "01.2.3"},
          pair{"1.2.3+build.5", "1.2.3+build.5"}, pair{"1.10", "1.1"}, pair{"1e3", "1000"},
          pair{"0x10", "16"}, pair{"1_000", "1000"}, pair{"2024-01-01", "2024-01-01"}}) {
        CAPTURE(written);
        auto const chart = inspected(versioned(written).tgz());
        REQUIRE(chart);
        CHECK(chart->version.text() == version);
        CHECK(chart->metadata.version == version);
    }
    for (std::string const written :
         {"latest", "1.2.3.4", "1.2.3-01", "1.2.3-rc_1", "\"1.2.3 \"", "1.2.3/../x", "1.0.0+a/b"}) {
        CAPTURE(written);
        judge({"61", versioned(written), errc::unacceptable_chart, "not a semantic version"});
    }
}

TEST_CASE("rows 62 to 68: lists, shapes and the other files") {
    for (auto const& r : {
             row{"62, dependency", with("dependencies: [null]\n"), errc::unacceptable_chart,
                 "empty element"},
             row{"62, maintainer", with("maintainers: [null]\n"), errc::unacceptable_chart,
                 "empty element"},
             row{"62, twice", with("dependencies: [{name: a}, {name: a}]\n"),
                 errc::unacceptable_chart, "More than one dependency"},
             row{"62, alias", with("dependencies: [{name: a, alias: a b}]\n"),
                 errc::unacceptable_chart, "alias \"a b\""},
             row{"63",
                 with("kubeVersion: banana\ndependencies: [{name: a, version: no}]\n"),
                 {},
                 ""},
             row{"64, annotations", with("annotations: {a: {b: c}}\n"), errc::invalid_metadata,
                 "annotations"},
             row{"64, keywords", with("keywords: a\n"), errc::invalid_metadata, "keywords"},
             row{"64, maintainers", with("maintainers: [bob]\n"), errc::invalid_metadata,
                 "maintainers"},
             row{"64, deprecated", with("deprecated: 'true'\n"), errc::invalid_metadata,
                 "deprecated"},
             row{"64, yes", with("deprecated: yes\n"), {}, ""},
             row{"65", with("annotations: {a: " + std::string(4'000'000, 'x') + "}\n"),
                 errc::unacceptable_chart, "1048576 bytes"},
             row{"66, list", file("values.yaml", "- a\n"), errc::unacceptable_chart, "a map"},
             row{"66, scalar", file("values.yaml", "text\n"), errc::unacceptable_chart, "a map"},
             row{"66, tab", file("values.yaml", "a:\n\tb: c\n"), {}, "values.yaml: Line 2"},
             row{"66, two", file("values.yaml", "a: 1\n---\nb: 2\n"), {}, ""},
             row{"66, two, a list", file("values.yaml", "a: 1\n---\n- b\n"),
                 errc::unacceptable_chart, "a map"},
             row{"67, schema", file("values.schema.json", "{"), {}, ""},
             row{"67, lock", file("Chart.lock", "[a"), {}, "Chart.lock"},
             row{"67, the old lock",
                 file("requirements.lock", "a: b: c\n"),
                 {},
                 "requirements.lock"},
             row{"68",
                 chart_builder()
                     .without("Chart.yaml")
                     .file("requirements.yaml", "name: mychart\nversion: 1.2.3\n"),
                 errc::invalid_metadata, "no Chart.yaml"},
             row{"requirements.yaml, unreadable", file("requirements.yaml", "["),
                 errc::invalid_metadata, "requirements.yaml"},
         })
        judge(r);
}

TEST_CASE("a thousand small files of YAML are not read for minutes") {
    auto const costly = "a: [" + std::string(50'000, ',') + "]\n";
    auto const many = [&costly](std::string_view name, std::size_t count, std::string_view before) {
        chart_builder chart;
        for (std::size_t i = 0; i < count; ++i) {
            auto const folder = "charts/s" + std::to_string(i) + "/";
            chart.file(folder + "Chart.yaml", sub);
            chart.file(folder + std::string(name), std::string(before) + costly);
        }
        return chart;
    };
    for (auto const& r : {
             row{"values, in all", many("values.yaml", 900, "- "), errc::unacceptable_chart,
                 "a map"},
             row{"one values.yaml", file("values.yaml", costly + costly), {}, "Not looked through"},
             row{"metadata, in all", many("Chart.yaml", 20, sub), errc::unacceptable_chart,
                 "hold too much"},
             row{"one Chart.yaml", with("x: [" + std::string(60'001, ',') + "]\n"),
                 errc::unacceptable_chart, "hold too much"},
         })
        judge(r);
    for (auto const* const name : {"values.yaml", "Chart.lock"}) {
        CAPTURE(name);
        auto const chart = inspected(many(name, 900, "#").tgz());
        REQUIRE(chart);
        REQUIRE_FALSE(chart->warnings.empty());
        CHECK(chart->warnings.back().find("Not looked through") != std::string::npos);
    }
}

TEST_CASE("a thousand anchors are many, and a million are not read") {
    std::string anchors;
    for (int i = 0; i < 10'001; ++i) anchors += "a" + std::to_string(i) + ": &a x\n";
    judge({"values", file("values.yaml", anchors), {}, "too many anchors"});
    judge({"metadata", with(anchors), errc::unacceptable_chart, "10000 anchors"});
}

}  // namespace pilothouse::tests::nasty_contents_test
