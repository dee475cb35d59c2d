#include "release/helm/objects.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::objects_test {

using namespace pilothouse::release;
using namespace pilothouse::release::helm;

namespace {

std::string secret_with(std::string const& data) {
    return "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  labels: {a: b}\n" + data;
}

std::string shown_secret(std::string const& data) {
    auto const all = split_objects(secret_with(data));
    REQUIRE(all.size() == 1);
    CHECK(all[0].kind == "Secret");
    return all[0].text;
}

}  // namespace

TEST_CASE("a manifest is cut into its objects, comments and empty documents left out") {
    auto const all = split_objects(
        "---\n# Source: knob/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "
        "a\ndata:\n  x: |\n    --- not a border\n"
        "---\n# nothing\n---\n\n"
        "--- # a border too\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b, namespace: "
        "shop, annotations: {helm.sh/hook: pre-install}}");
    REQUIRE(all.size() == 2);
    CHECK(all[0].api_version == "v1");
    CHECK(all[0].kind == "ConfigMap");
    CHECK(all[0].name == "a");
    CHECK(all[0].name_space.empty());
    CHECK(!all[0].hook);
    CHECK(all[0].text.starts_with("apiVersion: v1\n"));
    CHECK(all[0].text.find("--- not a border") != std::string::npos);
    CHECK(all[1].kind == "Deployment");
    CHECK(all[1].name_space == "shop");
    CHECK(all[1].hook);
    CHECK(split_objects("").empty());
    CHECK(split_objects("---\n").empty());
    CHECK(split_objects("---").empty());
    CHECK(split_objects("a: 1", true).at(0).hook);
}

TEST_CASE("of a Secret's data it is only told whether they changed") {
    auto const one = shown_secret("stringData:\n  password: hunter2\ndata: {k: aHVudGVyMg==}\n");
    CHECK(one.find("hunter2") == std::string::npos);
    CHECK(one.find("aHVudGVyMg==") == std::string::npos);
    CHECK(one.find("\"password\": \"[masked ") != std::string::npos);
    CHECK(one.find("\"labels\":\n    \"a\": \"b\"\n") != std::string::npos);
    CHECK(one == shown_secret("data: {k: aHVudGVyMg==}\nstringData:\n  password: hunter2\n"));
    CHECK(one != shown_secret("data: {k: aHVudGVyMg==}\nstringData:\n  password: hunter3\n"));
    // Equal data in two places have different marks.
    auto const two = shown_secret("stringData: {a: same, b: same}\n");
    auto const mark = [&](std::string const& key) {
        auto const at = two.find("\"" + key + "\": \"[masked ", two.find("stringData"));
        REQUIRE(at != two.npos);
        return two.substr(at + 14, 8);
    };
    CHECK(mark("a") != mark("b"));
}

TEST_CASE("data of a Secret are masked whatever their shape") {
    for (std::string const data :
         {"data: hunter2\n", "data: [hunter2]\n", "data: {a: {b: [hunter2]}}\n",
          "stringData:\n  a: |\n    x\n    hunter2\n", "x: &a hunter2\ndata: {b: *a}\n",
          "type: Opaque\nstringData: {\"\\x61\": \"hunter\\x32\"}\n"}) {
        CAPTURE(data);
        auto const text = shown_secret(data);
        auto const at = text.find("data\"");
        auto const in_string = text.find("stringData\"");
        auto const from = std::min(at, in_string);
        REQUIRE(from != text.npos);
        CHECK(text.substr(from, text.find("\"x\"") - from).find("hunter") == std::string::npos);
    }
    auto const noted = split_objects(
        "kind: Secret\nmetadata: {name: s, annotations: "
        "{kubectl.kubernetes.io/last-applied-configuration: '{\"data\":\"hunter2\"}'}}\n");
    CHECK(noted.at(0).text.find("hunter2") == std::string::npos);
}

TEST_CASE("Secrets within a list are objects of their own") {
    auto const all = split_objects(
        "kind: List\nitems:\n- kind: Secret\n  metadata: {name: s}\n  data: {a: hunter2}\n- kind: "
        "ConfigMap\n  metadata: {name: c}\n  data: {b: 'yes', c: \"1\\n2\", d: ~, e: [], f: {}}\n");
    REQUIRE(all.size() == 2);
    CHECK(all[0].text.find("hunter2") == std::string::npos);
    CHECK(all[1].name == "c");
    CHECK(all[1].text.find("\"b\": \"yes\"\n") != std::string::npos);
    CHECK(all[1].text.find("\"c\": \"1\\n2\"\n") != std::string::npos);
    CHECK(all[1].text.find("\"d\": null\n") != std::string::npos);
    auto const disguised = split_objects(
        "kind: ConfigMap\nmetadata: {name: c}\nitems:\n- {kind: ClusterRole, metadata: {name: r}}\n"
        "- {kind: Secret, metadata: {name: s}, data: {a: hunter2}}\n");
    REQUIRE(disguised.size() == 2);
    CHECK(disguised[0].kind == "ClusterRole");
    CHECK(disguised[1].text.find("hunter2") == std::string::npos);
    std::string deep = "kind: Secret\n  data: hunter2\n";
    for (int i = 0; i < 10; ++i)
        deep =
            "{kind: List, items: [{kind: Secret, data: hunter2}, " + (i == 0 ? "{}" : deep) + "]}";
    for (auto const& one : split_objects(deep))
        CHECK(one.text.find("hunter2") == std::string::npos);
}

TEST_CASE("what cannot be read is not shown") {
    for (std::string const text :
         {"kind: Secret\ndata: {a: hunter2\n", "kind: Secret\nkind: Secret\ndata: hunter2\n",
          "hunter2", "- hunter2", "kind: Secret\ndata: hunter2\n\x01"}) {
        CAPTURE(text);
        auto const all = split_objects(text);
        REQUIRE(all.size() == 1);
        CHECK(all[0].kind.empty());
        CHECK(all[0].text.find("hunter2") == std::string::npos);
        CHECK(all[0].text == split_objects(text).at(0).text);
    }
}

}  // namespace pilothouse::tests::objects_test
