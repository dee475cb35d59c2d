#include "index/snapshot.hpp"

#include "index/yaml_text.hpp"
#include "tests/unit/index/samples.hpp"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>
#include <boost/json.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace pilothouse::index::snapshot_test {

using tests::body;
using tests::make_sample;
using tests::sample;

namespace {

instant const noon = *from_rfc3339("2024-05-06T12:00:00.000000001Z");

std::shared_ptr<snapshot const> make(index_format format, std::vector<sample> samples,
                                     instant generated = noon) {
    std::sort(samples.begin(), samples.end(), tests::comes_before);
    return std::make_shared<snapshot>(tests::list_of(format, samples), 7, generated);
}

// A chart with every kind of text and structure.
sample rich_sample() {
    sample s = make_sample("rich", "1.0.0", 3);
    chart::chart_metadata m;
    m.name = s.chart;
    m.version = s.version;
    m.description = "m\xc3\xa4\xf0\x9f\x9a\xa2 \"quoted\" \\ / # : {}[]";
    m.app_version = "4852e004";
    m.deprecated = true;
    m.keywords = {"yes", "1.10", "~", "- a", "", "2024-01-01"};
    m.maintainers = {{"Ann", "a@example.org", ""}, {"", "", ""}};
    for (int c = 0; c < 0xA1; ++c) {
        std::string text;
        if (c >= 0x80) text += '\xc2';
        text += static_cast<char>(c);
        m.annotations["key" + text] = text + "\xe2\x80\xa8\xe2\x80\xa9\xef\xbf\xbe\xef\xbb\xbf";
    }
    m.annotations["null"] = "null";
    chart::dependency d;
    d.name = "dep";
    d.enabled = true;
    d.import_values = {{"text", std::nullopt}, {"", std::pair{"child", "parent"}}};
    m.dependencies = {d};
    s.fragment = render_fragment(m, s.file_name(), sha256("rich"), s.created);
    return s;
}

std::vector<sample> several() {
    std::vector<sample> all = {rich_sample(), make_sample("b-1", "2.0.0", 1),
                               make_sample("b", "1.0.0", 1), make_sample("b", "1.0.0+x", 2)};
    for (int i = 0; i < 60; ++i)
        all.push_back(make_sample("long", std::to_string(i) + ".1", i, 3000));
    return all;
}

// The same data, whichever reader it came from.
boost::json::value as_json(YAML::Node const& node) {
    if (node.IsMap()) {
        boost::json::object object;
        for (auto const& member : node)
            object[member.first.as<std::string>()] = as_json(member.second);
        return object;
    }
    if (node.IsSequence()) {
        boost::json::array array;
        for (auto const& item : node) array.push_back(as_json(item));
        return array;
    }
    if (node.Tag() == "!") return boost::json::string(node.Scalar());  // was quoted
    return node.Scalar() == "true" ? boost::json::value(true)
                                   : boost::json::value(boost::json::string(node.Scalar()));
}

}  // namespace

TEST_CASE("the JSON index has one version a line") {
    auto const a2 = make_sample("a", "2.0.0", 2);
    auto const a1 = make_sample("a", "1.0.0", 1);
    auto const b = make_sample("b", "1.0.0", 1);
    auto const index = make(index_format::json, {b, a1, a2});
    CHECK(body(index->render("/api/v4/projects/1/packages/helm", coding::identity)) ==
          "{\"apiVersion\":\"v1\",\"entries\":{\n"
          "\"a\":[\n" +
              a2.fragment + ",\n" + a1.fragment +
              "],\n"
              "\"b\":[\n" +
              b.fragment +
              "]\n"
              "},\"generated\":\"2024-05-06T12:00:00.000000001Z\","
              "\"serverInfo\":{\"contextPath\":\"/api/v4/projects/1/packages/helm\"}}\n");
}

TEST_CASE("the YAML index begins as GitLab's") {
    auto const a2 = make_sample("a", "2.0.0", 2);
    auto const a1 = make_sample("a", "1.0.0", 1);
    auto const b = make_sample("1.0", "1.0.0", 1);
    auto const index = make(index_format::yaml, {b, a1, a2});
    CHECK(body(index->render("/p", coding::identity)) ==
          "---\napiVersion: v1\nentries:\n"
          "  \"1.0\":\n" +
              yaml_entry(b.fragment) +
              "\n"
              "  \"a\":\n" +
              yaml_entry(a2.fragment) + "\n" + yaml_entry(a1.fragment) +
              "\n"
              "generated: \"2024-05-06T12:00:00.000000001Z\"\n"
              "serverInfo:\n  contextPath: \"/p\"\n");
}

TEST_CASE("a channel without versions has an index without entries") {
    CHECK(body(make(index_format::json, {})->render("", coding::identity)) ==
          "{\"apiVersion\":\"v1\",\"entries\":{},\"generated\":\"2024-05-06T12:00:00.000000001Z\"}"
          "\n");
    CHECK(body(make(index_format::yaml, {})->render("", coding::identity)) ==
          "---\napiVersion: v1\nentries: {}\ngenerated: \"2024-05-06T12:00:00.000000001Z\"\n");
    for (auto format : {index_format::json, index_format::yaml}) {
        auto const index = make(format, {});
        auto const plain = index->render("/p", coding::identity);
        CHECK(tests::gunzip(body(index->render("/p", coding::gzip))) == body(plain));
        CHECK(index->versions() == 0);
        CHECK(!index->find_archive("a-1.0.0.tgz"));
    }
}

TEST_CASE("JSON and YAML readers read the same from either form") {
    auto const json = body(make(index_format::json, several())->render("/p", coding::identity));
    auto const yaml = body(make(index_format::yaml, several())->render("/p", coding::identity));
    auto const data = boost::json::parse(json);
    CHECK(data.at("entries").as_object().size() == 4);
    CHECK(data.at("entries").at("long").as_array().size() == 60);
    CHECK(as_json(YAML::Load(json)) == data);
    CHECK(as_json(YAML::Load(yaml)) == data);
    for (std::string const& text : {json, yaml})
        for (char const c : text) REQUIRE((c == '\n' || (c >= ' ' && c != '\x7f') || c < 0));
}

TEST_CASE("gzip is one member that holds the identity bytes") {
    for (auto format : {index_format::json, index_format::yaml}) {
        auto const index = make(format, several());
        CHECK(!index->compressed());
        index->compress();
        CHECK(index->compressed());
        for (std::string const path : {"", "/p", "/another/path"}) {
            auto const zipped = body(index->render(path, coding::gzip));
            auto const plain = body(index->render(path, coding::identity));
            CHECK(tests::gunzip(zipped) == plain);
            CHECK(zipped.size() < plain.size() / 4);
        }
        index->compress();
    }
}

TEST_CASE("a snapshot compresses only what an earlier one has not") {
    auto const before = make(index_format::json, several());
    before->compress();
    auto const s = make_sample("long", "7.7.7", 99);
    storage::index_change change;
    change.chart = s.chart;
    change.version = s.version;
    change.created = s.created;
    change.fragment = s.fragment;
    change.generation = 8;
    change.generated = noon;
    auto const after = before->after(change);
    CHECK(!after->compressed());
    CHECK(after->generation() == 8);
    CHECK(after->versions() == before->versions() + 1);
    auto const old_pieces = before->render("", coding::gzip).pieces;
    auto const new_pieces = after->render("", coding::gzip).pieces;
    std::set<char const*> old_data;
    for (auto const& p : old_pieces) old_data.insert(p.bytes.data());
    std::size_t fresh = 0;
    for (auto const& p : new_pieces) fresh += old_data.contains(p.bytes.data()) ? 0u : 1u;
    CHECK(fresh <= 2 + 2);  // opening and closing; the changed group, cut in two at worst
    CHECK(tests::gunzip(body(after->render("", coding::gzip))) ==
          body(after->render("", coding::identity)));
}

TEST_CASE("entity tags differ exactly where bytes differ") {
    std::vector<std::shared_ptr<snapshot const>> const indexes = {
        make(index_format::json, several()),
        make(index_format::json, several()),  // a restart, another replica
        make(index_format::json, several(), noon + std::chrono::nanoseconds(1)),
        make(index_format::json, {rich_sample()}),
        make(index_format::json, {make_sample("a", "1.0.0", 1)}),
        make(index_format::json, {make_sample("a", "1.0.0", 2)}),
        make(index_format::yaml, several()),
        make(index_format::json, {}),
        make(index_format::yaml, {}),
    };
    std::vector<std::pair<std::string, std::string>> tagged;
    for (auto const& index : indexes)
        for (std::string const path : {"", "/a", "/b"})
            for (auto c : {coding::identity, coding::gzip}) {
                auto const r = index->render(path, c);
                CHECK(r.etag.front() == '"');
                CHECK(r.etag.back() == '"');
                tagged.emplace_back(r.etag, body(r));
            }
    for (auto const& [tag, bytes] : tagged)
        for (auto const& [other_tag, other_bytes] : tagged)
            REQUIRE((tag == other_tag) == (bytes == other_bytes));
}

TEST_CASE("identity_bytes counts the index without serverInfo") {
    for (auto format : {index_format::json, index_format::yaml})
        for (auto const& index : {make(format, several()), make(format, {})})
            CHECK(index->identity_bytes() == index->render("", coding::identity).length);
}

TEST_CASE("a hostile context path cannot leave its string") {
    std::string const path = "/a\"}}\n---\n\\x";
    auto const data =
        boost::json::parse(body(make(index_format::json, {})->render(path, coding::identity)));
    CHECK(data.at("serverInfo").at("contextPath").as_string() == path);
    auto const yaml = body(make(index_format::yaml, {})->render(path, coding::identity));
    CHECK(YAML::Load(yaml)["serverInfo"]["contextPath"].as<std::string>() == path);
}

TEST_CASE("an archive is found by its file name, however the name divides") {
    std::vector<sample> const samples = {
        make_sample("a", "1.0.0", 1),           make_sample("a", "1.0.0-rc.1", 2),
        make_sample("a-b", "2.0.0-3-4+x-y", 3), make_sample("a-1", "2.0.0", 4),
        make_sample("c-", "v1.2", 5),           make_sample("a", "2024-01-01", 6)};
    for (auto format : {index_format::json, index_format::yaml}) {
        auto const index = make(format, samples);
        for (sample const& s : samples) {
            CAPTURE(s.file_name());
            REQUIRE(index->find_archive(s.file_name()));
            CHECK(*index->find_archive(s.file_name()) == s.digest());
        }
        for (std::string const name :
             {"", ".tgz", "a.tgz", "a-1.0.0", "a-1.0.0.tgz.prov", "a-1.0.1.tgz", "A-1.0.0.tgz",
              "a--1.0.0.tgz", "-1.0.0.tgz", "a-1.0.0-rc.2.tgz", "a-1.0.tgz", "../a-1.0.0.tgz", "-",
              "--------.tgz", "a-b-2.0.0.tgz", "b-1.0.0.tgz"}) {
            CAPTURE(name);
            CHECK(!index->find_archive(name));
        }
    }
}

}  // namespace pilothouse::index::snapshot_test
