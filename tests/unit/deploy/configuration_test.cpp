// The document of a Helm service: read, refused, and written as what reads the same.
#include "deploy/service_configuration.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::configuration_test {

namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

json::object document() {
    return json::parse(R"({"name":"shop","auto_deploy":false,"arguments":[],
        "source":{"helm_repository":{"repository":"00000063-0000-8000-8000-000000000001",
                  "chart_name":"demo","chart_version":"1.0.0"}},
        "values_override":{"set":[],"set_string":[],"set_json":[]}})")
        .as_object();
}

result<deploy::service_configuration> read(json::object const& o) {
    return deploy::read_configuration(secret(json::serialize(o)));
}

std::string refusal(json::object const& o) {
    auto const made = read(o);
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::invalid_argument);
    CHECK(made.error().detail.find("planted") == std::string::npos);
    return made.error().detail;
}

json::object with(std::string const& key, json::value value) {
    auto o = document();
    o[key] = std::move(value);
    return o;
}

json::object with_arguments(std::vector<std::string> const& all) {
    return with("arguments", json::array(all.begin(), all.end()));
}

storage::operation_options options(std::vector<std::string> const& all) {
    auto const c = read(with_arguments(all));
    REQUIRE(c);
    return deploy::options_of(*c).value();
}

json::value file_named(std::string const& name) {
    return {{"file", {{"raw", {{"values", json::array{{{"name", name}, {"content", "a: 1"}}}}}}}}};
}

}  // namespace

TEST_CASE("the least document has everything else as it usually is") {
    auto const c = read(document());
    REQUIRE(c);
    CHECK(c->name == "shop");
    CHECK(c->chart == "demo");
    CHECK(c->version == "1.0.0");
    CHECK(c->timeout == 600s);
    CHECK_FALSE(c->auto_deploy);
    CHECK_FALSE(c->allow_cluster_wide);
    CHECK(c->values.files.empty());
    CHECK(read(with("timeout_sec", 0))->timeout == 600s);
    CHECK(read(with("timeout_sec", nullptr))->timeout == 600s);
    CHECK(read(with("values_override", nullptr)));
    CHECK(read(with("some_member_of_tomorrow", json::array{1})));
}

TEST_CASE("a whole document is written as one that reads the same") {
    auto o = document();
    o["description"] = "the shop";
    o["icon_uri"] = "app://shop";
    o["timeout_sec"] = 42;
    o["auto_deploy"] = true;
    o["auto_preview"] = true;
    o["allow_cluster_wide_resources"] = true;
    o["arguments"] = json::array{"--atomic", "--timeout=90s"};
    o["values_override"] = json::parse(R"({"set":[["a.b","1"]],"set_string":[["c","2"]],
        "set_json":[["d","{}"]],"file":{"raw":{"values":[{"name":"v.yaml","content":"e: f"}]}}})");
    auto const c = read(o);
    REQUIRE(c);
    auto const again = deploy::read_configuration(deploy::configuration_text(*c));
    REQUIRE(again);
    CHECK(deploy::configuration_text(*again).reveal() == deploy::configuration_text(*c).reveal());
    CHECK(again->description == "the shop");
    CHECK(again->icon == "app://shop");
    CHECK(again->timeout == 42s);
    CHECK(again->auto_deploy);
    CHECK(again->auto_preview);
    CHECK(again->allow_cluster_wide);
    CHECK(again->arguments == std::vector<std::string>{"--atomic", "--timeout=90s"});
    REQUIRE(again->values.files.size() == 1);
    CHECK(again->values.files[0].name == "v.yaml");
    CHECK(again->values.set[0].second.reveal() == "1");
    CHECK(again->values.set_string[0].first == "c");
    CHECK(again->values.set_json[0].second.reveal() == "{}");
}

TEST_CASE("what is missing, of another type or too much is refused by its place") {
    CHECK(deploy::read_configuration(secret(std::string("[planted]"))).error().code ==
          errc::invalid_argument);
    CHECK(deploy::read_configuration(secret()).error().code == errc::invalid_argument);
    for (auto const* const key : {"name", "source"}) {
        auto o = document();
        o.erase(key);
        CHECK_MESSAGE(refusal(o).starts_with(key), key);
        CHECK_MESSAGE(refusal(with(key, json::value(1))).starts_with(key), key);
    }
    CHECK(refusal(with("name", "")) == "name: is missing");
    CHECK(refusal(with("name", json::value(std::string(256, 'x')))) == "name: is too long");
    CHECK(refusal(with("auto_deploy", "yes")).starts_with("auto_deploy"));
    for (json::value const& bad : {json::value(-1), json::value("5m"), json::value(1e9)})
        CHECK(refusal(with("timeout_sec", bad)).starts_with("timeout_sec"));
    CHECK(refusal(with("arguments", "--wait")).starts_with("arguments"));
    CHECK(refusal(with("arguments", json::array{1})).starts_with("arguments"));
    auto const values = [](char const* text) { return with("values_override", json::parse(text)); };
    for (auto const* const bad :
         {R"({"set":{"a":"planted"}})", R"({"set":[["a"]]})", R"({"set":[["a","b","planted"]]})",
          R"({"set_string":[["a",1]]})", R"({"set_json":"planted"})"})
        CHECK_MESSAGE(refusal(values(bad)).starts_with("values_override."), bad);
    CHECK(
        refusal(values(R"({"file":{"raw":{"values":"planted"}}})")).starts_with("values_override"));
}

TEST_CASE("what lies in Git is not supported, and said so") {
    auto const source =
        with("source", json::parse(R"({"git_repository":{"url":"https://planted/x.git"}})"));
    CHECK(refusal(source).find("Git repositories are not supported") != std::string::npos);
    auto const file =
        with("values_override", json::parse(R"({"file":{"git":{"git_repository":{}}}})"));
    CHECK(refusal(file).find("Git repositories are not supported") != std::string::npos);
}

TEST_CASE("names of files are no paths") {
    CHECK(read(with("values_override", file_named("values.prod.yaml"))));
    for (std::string const bad : {"../x", "/etc/x", "a/b", "..", ".", "", "a\\b"})
        CHECK_MESSAGE(refusal(with("values_override", file_named(bad))).starts_with("values_"),
                      bad);
}

TEST_CASE("a service holds half a MiB of values") {
    auto const with_bytes = [](std::size_t bytes) {
        json::array pairs;
        pairs.emplace_back(json::array{"a", std::string(bytes, 'x')});
        return with("values_override", json::object{{"set_string", std::move(pairs)}});
    };
    CHECK(read(with_bytes(deploy::values_bytes_max - 1)));
    CHECK(refusal(with_bytes(deploy::values_bytes_max)).find("512 KiB") != std::string::npos);
}

TEST_CASE("of Helm's arguments those that are known count, and others are refused by name") {
    CHECK(options({}).wait);
    CHECK_FALSE(options({}).rollback_on_failure);
    CHECK_FALSE(options({"--wait=false"}).wait);
    CHECK(options({"--atomic"}).rollback_on_failure);
    CHECK(options({"--rollback-on-failure"}).rollback_on_failure);
    CHECK(options({"--wait-for-jobs"}).wait_for_jobs);
    CHECK(options({"--no-hooks", "--force"}).skip_hooks);
    CHECK(options({"--force"}).force_conflicts);
    CHECK(options({"--timeout", "5m"}).timeout == 300s);
    CHECK(options({"--timeout=90s"}).timeout == 90s);
    CHECK(options({"--debug", "--create-namespace", "--history-max", "3", "--install"}).wait);
    for (std::string const bad : {"--kubeconfig=/x", "--post-renderer", "--set", "wait", "-f",
                                  "--namespace=kube-system", "--repo"})
        CHECK_MESSAGE(
            refusal(with_arguments({bad})).find(bad.substr(0, bad.find('='))) != std::string::npos,
            bad);
    CHECK(refusal(with_arguments({"--wait=perhaps"})).find("--wait") != std::string::npos);
    CHECK(refusal(with_arguments({"--timeout"})).find("--timeout") != std::string::npos);
    CHECK(refusal(with_arguments({"--timeout", "soon"})).find("--timeout") != std::string::npos);
}

}  // namespace pilothouse::tests::configuration_test
