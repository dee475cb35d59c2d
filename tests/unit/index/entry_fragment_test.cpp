#include "index/entry_fragment.hpp"

#include "index/yaml_text.hpp"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>
#include <boost/json.hpp>

#include <stdexcept>
#include <string>

namespace pilothouse::index::entry_fragment_test {

namespace {

std::string const hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

std::string render(chart::chart_metadata const& m) {
    return render_fragment(m, m.name + "-" + m.version + ".tgz", *sha256_digest::from_hex(hex),
                           *from_rfc3339("2024-02-29T10:11:12.123456789Z"));
}

chart::chart_metadata minimal() {
    chart::chart_metadata m;
    m.name = "tide";
    m.version = "1.2.3+b";
    m.api_version = "v1";
    return m;
}

}  // namespace

TEST_CASE("a minimal chart has six keys, in a fixed order, on one line") {
    CHECK(render(minimal()) == R"({"name":"tide","version":"1.2.3+b","apiVersion":"v1",)"
                               R"("created":"2024-02-29T10:11:12.123456789Z",)"
                               R"("digest":")" +
                                   hex + R"(","urls":["charts/tide-1.2.3+b.tgz"]})");
}

TEST_CASE("a chart with everything has every key of Helm, and none twice") {
    auto m = minimal();
    m.description = "Tables, \"tides\"";
    m.home = "https://example.org/?a=1&b=2";
    m.icon = "https://example.org/i.svg";
    m.condition = "tide.enabled";
    m.tags = "sea";
    m.app_version = "1.10";
    m.kube_version = ">=1.20";
    m.type = "application";
    m.deprecated = true;
    m.sources = {"https://example.org", ""};
    m.keywords = {"sea", "1.0"};
    m.maintainers = {{"Ann", "a@example.org", "https://a"}, {"Bob", "", ""}, {"", "", ""}};
    chart::dependency full{"moon", "~1", "https://r", "moon.on", "luna", {"x", "y"}, true, {}};
    full.import_values = {{"data", std::nullopt}, {"", std::pair{"c.d", "p"}}};
    chart::dependency bare;
    bare.name = "bare";
    bare.enabled = false;
    m.dependencies = {full, bare};
    m.annotations = {{"b", "2"}, {"a/b", "1\n\x7f"}, {"empty", ""}};
    CHECK(render(m) ==
          R"({"name":"tide","version":"1.2.3+b","apiVersion":"v1","appVersion":"1.10",)"
          R"("home":"https://example.org/?a=1&b=2","sources":["https://example.org",""],)"
          R"("description":"Tables, \"tides\"","keywords":["sea","1.0"],)"
          R"("maintainers":[{"name":"Ann","email":"a@example.org","url":"https://a"},)"
          R"({"name":"Bob"},{}],"icon":"https://example.org/i.svg","condition":"tide.enabled",)"
          R"("tags":"sea","deprecated":true,)"
          R"("annotations":{"a/b":"1\n\u007f","b":"2","empty":""},"kubeVersion":">=1.20",)"
          R"("dependencies":[{"name":"moon","version":"~1","repository":"https://r",)"
          R"("condition":"moon.on","tags":["x","y"],"enabled":true,)"
          R"("import-values":["data",{"child":"c.d","parent":"p"}],"alias":"luna"},)"
          R"({"name":"bare","repository":""}],"type":"application",)"
          R"("created":"2024-02-29T10:11:12.123456789Z",)"
          R"("digest":")" +
              hex + R"(","urls":["charts/tide-1.2.3+b.tgz"]})");
}

TEST_CASE("an annotation whose key is too long for YAML is left out, its neighbours stay") {
    auto m = minimal();
    m.annotations = {{std::string(998, 'k'), "kept"},  // 1,000 with its quotes
                     {std::string(999, 'k'), "too long"},
                     {std::string(400, '\x01'), "too long once escaped"},
                     {"short", "kept"}};
    auto const line = render(m);
    auto const annotations = boost::json::parse(line).at("annotations").as_object();
    CHECK(annotations.size() == 2);
    CHECK(annotations.contains("short"));
    CHECK(YAML::Load(line)["annotations"].size() == 2);

    m.annotations = {{std::string(2000, 'k'), "alone"}};
    CHECK(!boost::json::parse(render(m)).as_object().contains("annotations"));
}

TEST_CASE("the digest is read from the end of a fragment, whatever the chart says") {
    auto m = minimal();
    m.description = R"("digest":"0000")";
    m.annotations = {{"digest", std::string(64, 'f')}};
    CHECK(digest_in_fragment(render(m)).hex() == hex);
}

TEST_CASE("a fragment without a digest is refused") {
    for (std::string const fragment :
         {"", "{}", R"({"digest":""})", R"({"digest":"12"})",
          R"({"digest":"+123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"})"}) {
        CAPTURE(fragment);
        CHECK_THROWS_AS((void)digest_in_fragment(fragment), std::runtime_error);
    }
}

TEST_CASE("a fragment becomes block YAML with every string quoted") {
    auto m = minimal();
    m.deprecated = true;
    m.keywords = {"on", "x: y"};
    m.maintainers = {{"Ann", "a@example.org", ""}, {}};
    m.annotations = {{"true", "1"}, {"a: b", "# \n"}};
    chart::dependency d;
    d.name = "moon";
    d.tags = {"t"};
    d.import_values = {{"", std::pair{"c", "p"}}};
    m.dependencies = {d};
    CHECK(yaml_entry(render(m)) ==
          "  - name: \"tide\"\n"
          "    version: \"1.2.3+b\"\n"
          "    apiVersion: \"v1\"\n"
          "    keywords:\n"
          "      - \"on\"\n"
          "      - \"x: y\"\n"
          "    maintainers:\n"
          "      - name: \"Ann\"\n"
          "        email: \"a@example.org\"\n"
          "      - {}\n"
          "    deprecated: true\n"
          "    annotations:\n"
          "      \"a: b\": \"# \\n\"\n"
          "      \"true\": \"1\"\n"
          "    dependencies:\n"
          "      - name: \"moon\"\n"
          "        repository: \"\"\n"
          "        tags:\n"
          "          - \"t\"\n"
          "        import-values:\n"
          "          - child: \"c\"\n"
          "            parent: \"p\"\n"
          "    created: \"2024-02-29T10:11:12.123456789Z\"\n"
          "    digest: \"" +
              hex +
              "\"\n"
              "    urls:\n"
              "      - \"charts/tide-1.2.3+b.tgz\"");
}

TEST_CASE("what is not a JSON object does not become YAML") {
    for (std::string const fragment : {"", "[]", "\"a\"", "{", "{} x", "{'a':1}"}) {
        CAPTURE(fragment);
        CHECK_THROWS_AS((void)yaml_entry(fragment), std::runtime_error);
    }
}

TEST_CASE("a deprecated version says so, and why, where Helm reads it") {
    auto m = minimal();
    auto const head = std::string(R"({"name":"tide","version":"1.2.3+b","apiVersion":"v1",)");
    auto const tail = R"("created":"2024-02-29T10:11:12.123456789Z","digest":")" + hex +
                      R"(","urls":["charts/tide-1.2.3+b.tgz"]})";
    CHECK(deprecated_fragment(render(m), "") == head + R"("deprecated":true,)" + tail);
    CHECK(deprecated_fragment(render(m), "say \"no\"\n") ==
          head + R"("deprecated":true,"annotations":{)" +
              R"("pilothouse.dev/deprecated-reason":"say \"no\"\n"},)" + tail);

    // Nothing in a chart's own words looks like a member of ours.
    m.description = R"("deprecated":true,"annotations":{"a":"b"},"type":"x"}\)";
    m.keywords = {"],\"type\":\"y\"", "}"};
    m.annotations = {{"a", "}"}, {"z", "\"created\":"}};
    m.type = "application";
    m.kube_version = ">=1.20";
    auto const whole = [](std::string const& text) { return boost::json::parse(text).as_object(); };
    auto const before = whole(render(m));
    auto const after = whole(deprecated_fragment(render(m), "old"));
    CHECK(after.at("deprecated") == true);
    CHECK(after.at("annotations").at("a") == "}");
    CHECK(after.at("annotations").at("z") == "\"created\":");
    CHECK(after.at("annotations").at("pilothouse.dev/deprecated-reason") == "old");
    CHECK(after.size() == before.size() + 1);
    for (auto const& [key, value] : before)
        if (key != "annotations") CHECK(after.at(key) == value);
    CHECK(digest_in_fragment(deprecated_fragment(render(m), "old")).hex() == hex);
}

TEST_CASE("a chart that is deprecated by itself, or has our annotation, has each once") {
    auto m = minimal();
    m.deprecated = true;
    m.annotations = {{"pilothouse.dev/deprecated-reason", "its own"}};
    auto const line = deprecated_fragment(render(m), "ours");
    CHECK(line.find("its own") == std::string::npos);
    CHECK(
        line.find(
            R"("deprecated":true,"annotations":{"pilothouse.dev/deprecated-reason":"ours"},"created")") !=
        std::string::npos);
    CHECK(line.find("\"deprecated\":") == line.rfind("\"deprecated\":"));
    CHECK(deprecated_fragment(line, "ours") == line);
    CHECK_THROWS_AS((void)deprecated_fragment("{}", "x"), std::runtime_error);
}

}  // namespace pilothouse::index::entry_fragment_test
