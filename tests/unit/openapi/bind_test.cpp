// What stands for what in the YAML of the OpenAPI document.
#include "server/openapi/bind/page.hpp"
#include "server/openapi/bind/shorthand.hpp"
#include "server/openapi/bind/yaml.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>

#include <fstream>
#include <stdexcept>
#include <string>

namespace pilothouse::tests::bind_test {

using namespace pilothouse::openapi;
namespace json = boost::json;

namespace {

json::object read(std::string const& text) {
    tests::temp_dir const folder;
    auto const file = folder.path() / "a.yaml";
    std::ofstream(file) << text;
    return read_yaml(file).as_object();
}

constexpr auto frame = R"(
openapi: 3.1.1
info: {title: Ships & <boats>, description: All of them.}
security: [{}, {bearer: []}]
x-anonymous-too: [a look]
tags: [{name: Ships}]
components:
  headers: {X-Page: {schema: {type: string}}}
  parameters:
    page: {name: page, in: query, schema: {type: integer}}
    per_page: {name: per_page, in: query, schema: {type: integer}}
)";

constexpr auto shared = R"(
schemas:
  Hull: {fields: {length: integer, (name): string|null}}
  Ship: {like: Hull, fields: {crew: [Sailor], captain: Sailor|null}}
  Sailor: {fields: {name: string}}
parameters: {ship: {description: Its name., schema: string}}
dialects: {sea: {400: Sailor, 404: Sailor}}
)";

constexpr auto area = R"(
tag: Ships
dialect: sea
paths:
  /ships:
    get: {id: list, says: All ships, needs: a look, pages: true, query: {flags: [string]}, answers: {200: [Ship]}}
    post: {id: build, says: A new one, needs: a yard, body: Hull, answers: {201: , 409: {text/plain: bytes}}}
  /ships/{ship}:
    get: {id: show, says: One, answers: {200: Ship}}
)";

json::object bound(std::string const& paths = area) {
    binder b(read(frame), read(shared));
    b.add(read(paths));
    return b.document("1.2.3");
}

std::string text_of(json::value const& v) { return json::serialize(v); }

json::object operation(json::object const& document, std::string_view path,
                       std::string_view method) {
    return document.at("paths").at(path).at(method).as_object();
}

bool contains(std::string const& text, std::string const& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("words, lists and fields of schemas are JSON Schema") {
    auto const schemas = bound().at("components").at("schemas").as_object();
    CHECK(
        text_of(schemas.at("Hull")) ==
        R"({"type":"object","properties":{"length":{"type":"integer"},"name":{"type":["string","null"]}},"required":["length"]})");
    auto const ship = text_of(schemas.at("Ship"));
    CHECK(contains(ship, R"("length":{"type":"integer"},"name")"));
    CHECK(contains(ship,
                   R"("crew":{"type":"array","items":{"$ref":"#/components/schemas/Sailor"}})"));
    CHECK(contains(
        ship, R"("captain":{"anyOf":[{"$ref":"#/components/schemas/Sailor"},{"type":"null"}]})"));
    CHECK(contains(ship, R"("required":["length","crew","captain"])"));
}

TEST_CASE("an operation has its path's parameters, its dialect's answers and its own") {
    auto const document = bound();
    auto const one = operation(document, "/ships/{ship}", "get");
    CHECK(
        text_of(one.at("parameters")) ==
        R"([{"name":"ship","in":"path","required":true,"description":"Its name.","schema":{"type":"string"}}])");
    CHECK(one.at("responses").as_object().contains("404"));
    CHECK(text_of(one.at("responses").at("400")) == R"({"$ref":"#/components/responses/sea-400"})");
    auto const build = operation(document, "/ships", "post").at("responses").as_object();
    CHECK_FALSE(build.contains("404"));
    CHECK(text_of(build.at("201")) == R"({"description":"Created"})");
    CHECK(text_of(build.at("409").at("content")) == R"({"text/plain":{}})");
    CHECK(document.at("info").at("version") == "1.2.3");
}

TEST_CASE("a body is JSON or a form; pages and lists in queries say how") {
    auto const document = bound();
    auto const body = operation(document, "/ships", "post").at("requestBody").at("content");
    CHECK(body.at("application/json") == body.at("application/x-www-form-urlencoded"));
    auto const list = operation(document, "/ships", "get");
    CHECK(contains(text_of(list.at("parameters")), R"("explode":false)"));
    CHECK(contains(text_of(list.at("parameters")), R"({"$ref":"#/components/parameters/page"})"));
    CHECK(list.at("responses").at("200").at("headers").as_object().contains("X-Page"));
}

TEST_CASE(
    "who needs nothing is not asked, who needs a look may be anybody, all others have tokens") {
    auto const document = bound();
    CHECK(text_of(operation(document, "/ships/{ship}", "get").at("security")) == "[]");
    CHECK(text_of(operation(document, "/ships", "get").at("security")) == R"([{},{"bearer":[]}])");
    CHECK(text_of(operation(document, "/ships", "post").at("security")) == R"([{"bearer":[]}])");
}

TEST_CASE("what the server sends stands beside the paths") {
    auto const document = bound(R"(
tag: Ships
dialect: sea
webhooks:
  ship.sunk: {id: told_sunk, says: One is gone, header: {signature: string}, body: Ship}
paths:
  /ships:
    get: {id: list, says: All ships, answers: {200: [Ship]}}
)");
    auto const& told = document.at("webhooks").at("ship.sunk").at("post");
    CHECK(told.at("operationId") == "told_sunk");
    CHECK(told.at("security").as_array().empty());
    CHECK(told.at("parameters").at(0).at("in") == "header");
    CHECK(told.at("requestBody").at("content").at("application/json").at("schema").at("$ref") ==
          "#/components/schemas/Ship");
    CHECK(told.at("responses").at("2XX").at("description") == "Taken");
    auto const page = page_of(document);
    CHECK(page.find("<b>sends</b> ship.sunk<i>One is gone</i>") != page.npos);
    CHECK_FALSE(bound().contains("webhooks"));
}

TEST_CASE("a file of paths may bring schemas and answers of its own") {
    binder b(read(frame), read(shared));
    auto const harbour = read(R"(
tag: Ships
dialect: harbour
schemas: {Berth: {fields: {ship: Ship}}}
dialects: {harbour: {403: Sailor}}
paths: {/berths: {get: {id: berths, says: All, answers: {200: [Berth]}}}}
)");
    b.share(harbour);
    b.add(harbour);
    auto const document = b.document("1");
    CHECK(document.at("components").at("schemas").as_object().contains("Berth"));
    CHECK(text_of(operation(document, "/berths", "get").at("responses").at("403")) ==
          R"({"$ref":"#/components/responses/harbour-403"})");
    CHECK_THROWS_AS(b.share(harbour), std::runtime_error);
}

TEST_CASE("a marked map is taken over but for what is said anew") {
    auto const o = read("a: &a {x: 1, y: 2}\nb: {<<: *a, y: '3'}\n");
    CHECK(text_of(o.at("b")) == R"({"y":"3","x":1})");
}

TEST_CASE("what cannot be bound is refused") {
    auto const one = [](std::string const& operation) {
        return "tag: Ships\ndialect: sea\npaths: {/a: {get: " + operation + "}}\n";
    };
    CHECK_THROWS_AS(bound(one("{id: a, says: A, answers: {200: Whale}}")), std::runtime_error);
    CHECK_THROWS_AS(bound(one("{id: a, says: A, answers: {200: [Ship, Hull]}}")),
                    std::runtime_error);
    CHECK_THROWS_AS(bound(one("{says: A}")), std::runtime_error);
    // Nothing names Ship.
    CHECK_THROWS_AS(bound(one("{id: a, says: A, answers: {200: Sailor}}")), std::runtime_error);
    CHECK_THROWS_AS(bound("tag: Ships\ndialect: sea\npaths: {'/{whale}': {get: {id: a, says: A}}}"),
                    std::runtime_error);
    CHECK_THROWS_AS(read("a: 1\na: 2\n"), std::runtime_error);
    CHECK_THROWS_AS(read("a: [\n"), std::runtime_error);
}

TEST_CASE("the page shows all of it, and nothing as markup that is none") {
    auto const page = page_of(bound());
    CHECK(contains(page, "<h1>Ships &amp; &lt;boats&gt; 1.2.3</h1>"));
    CHECK(contains(page, "/ships/{ship}"));
    CHECK(contains(page, "Needs: a yard"));
    CHECK(contains(page, "<a href=\"#schema-sailor\">Sailor</a>"));
    CHECK(contains(page, "id=\"schema-sailor\""));
    CHECK_FALSE(contains(page, "<script"));
    CHECK_FALSE(contains(page, "http:"));
}

}  // namespace pilothouse::tests::bind_test
