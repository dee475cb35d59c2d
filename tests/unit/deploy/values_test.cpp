// What --set and its like would make of a service's pairs.
#include "deploy/service_configuration.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests::values_test {

using deploy::values_override;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

void fill(std::vector<values_override::pair>& into, pairs const& all) {
    for (auto const& [key, text] : all) into.emplace_back(key, secret(text));
}

std::string merged(values_override const& v) {
    auto const made = release::merge_values(deploy::values_of(v));
    REQUIRE(made);
    return std::string(made->document.reveal());
}

std::string of_set(std::string const& text) {
    values_override v;
    fill(v.set, {{"a", text}});
    return merged(v);
}

}  // namespace

// The rows are what `helm template` made of `--set a=TEXT`.
TEST_CASE("a text of `set` is what Helm makes of it") {
    for (auto const& [text, json] :
         pairs{{"", R"({"a":""})"},
               {"text", R"({"a":"text"})"},
               {"1", R"({"a":1})"},
               {"-7", R"({"a":-7})"},
               {"0", R"({"a":0})"},
               {"00", R"({"a":"00"})"},
               {"007", R"({"a":"007"})"},
               {"-0", R"({"a":0})"},
               {"+5", R"({"a":5})"},
               {"+-5", R"({"a":"+-5"})"},
               {"-", R"({"a":"-"})"},
               {"1.5", R"({"a":"1.5"})"},
               {"1e3", R"({"a":"1e3"})"},
               {"1_000", R"({"a":"1_000"})"},
               {"0x10", R"({"a":"0x10"})"},
               {"true", R"({"a":true})"},
               {"False", R"({"a":false})"},
               {"null", R"({"a":null})"},
               {"yes", R"({"a":"yes"})"},
               {R"(tru\e)", R"({"a":true})"},
               {R"(\1)", R"({"a":1})"},
               {"12345678901234567890", R"({"a":"12345678901234567890"})"},
               {"9223372036854775807", R"({"a":9223372036854775807})"},
               {"9223372036854775808", R"({"a":"9223372036854775808"})"},
               {"-9223372036854775808", R"({"a":-9223372036854775808})"},
               {R"(a\,b)", R"({"a":"a,b"})"},
               {"a,b=2", R"({"a":"a","b":2})"},
               {"1,b=x,c.d=true", R"({"a":1,"b":"x","c":{"d":true}})"},
               {"1,b[1]=2", R"({"a":1,"b":[null,2]})"},
               {"1,", R"({"a":1})"},
               {"1,=2", R"({"a":1})"},
               {R"(1,b\,c=2)", R"({"a":1,"b,c":2})"},
               {R"(1,b\.c=2)", R"({"a":1,"b.c":2})"},
               {R"(1,b\=c=2)", R"({"a":1,"b=c":2})"},
               {"1,b={x,y}", R"({"a":1,"b":["x","y"]})"},
               {"1,b=", R"({"a":1,"b":""})"},
               {"1,a=2", R"({"a":2})"},
               {"1,b.c=1,b.d=2", R"({"a":1,"b":{"c":1,"d":2}})"},
               {"1, b=2", R"({" b":2,"a":1})"},
               {"a: b", R"({"a":"a: b"})"},
               {R"("q")", R"({"a":"\"q\""})"},
               {"a=b", R"({"a":"a=b"})"},
               {"  x ", R"({"a":"  x "})"},
               {"[1]", R"({"a":"[1]"})"},
               {"x{y}", R"({"a":"x{y}"})"},
               {R"(a\\b)", R"({"a":"a\\b"})"},
               {R"(a\n)", R"({"a":"an"})"},
               {R"(a\)", R"({"a":"a"})"},
               {"{}", R"({"a":[""]})"},
               {"{a}", R"({"a":["a"]})"},
               {"{a,1,true}", R"({"a":["a",1,true]})"},
               {R"({a\,b,c})", R"({"a":["a,b","c"]})"},
               {"{ a, b }", R"({"a":[" a"," b "]})"},
               {R"({a\}})", R"({"a":["a}"]})"},
               {"{,}", R"({"a":["",""]})"},
               {"{null}", R"({"a":[null]})"},
               {"{a},b=2", R"({"a":["a"],"b":2})"},
               {"{a}b=2", R"({"a":["a"],"b":2})"}})
        CHECK_MESSAGE(of_set(text) == json, text);
}

TEST_CASE("a text of `set_string` is what Helm makes of it") {
    for (auto const& [text, json] : pairs{{"1", R"({"a":"1"})"},
                                          {"true", R"({"a":"true"})"},
                                          {"null", R"({"a":"null"})"},
                                          {"-0", R"({"a":"-0"})"},
                                          {R"(a\,b)", R"({"a":"a,b"})"},
                                          {"a,b=2", R"({"a":"a","b":"2"})"},
                                          {"1,b[1]=2", R"({"a":"1","b":[null,"2"]})"},
                                          {"{1,b}", R"({"a":["1","b"]})"},
                                          {"{}", R"({"a":[""]})"},
                                          {"{null}", R"({"a":["null"]})"},
                                          {"{a},b=2", R"({"a":["a"],"b":"2"})"},
                                          {R"(a\)", R"({"a":"a"})"},
                                          {R"(a\\b)", R"({"a":"a\\b"})"},
                                          {"[1]", R"({"a":"[1]"})"}}) {
        values_override v;
        fill(v.set_string, {{"a", text}});
        CHECK_MESSAGE(merged(v) == json, text);
    }
}

TEST_CASE("what Helm refuses is refused by its key, and was a text before") {
    for (std::string const text :
         {"{", "{planted", "{a,b", "{x,{y}}", "{a}b", R"({a\})", "1,planted", "1,,b=2"}) {
        CAPTURE(text);
        for (auto const list : {&values_override::set, &values_override::set_string}) {
            values_override v;
            fill(v.*list, {{"k", text}});
            auto const good = deploy::check_pairs(v);
            REQUIRE_FALSE(good);
            CHECK(good.error().code == errc::invalid_argument);
            CHECK(good.error().detail.find("\"k\"") != std::string::npos);
            CHECK(good.error().detail.find("planted") == std::string::npos);
        }
    }
    CHECK(of_set("{a") == R"({"a":"{a"})");
    values_override v;
    fill(v.set, {{R"(a\,b)", "1"}});
    CHECK(deploy::check_pairs(v));
    CHECK(merged(v) == R"({"a,b":1})");
}

TEST_CASE("set_json has JSON's escapes, also those that YAML has not") {
    values_override v;
    fill(v.set_json, {{"path", R"("a\/b")"}, {"face", R"("\ud83d\ude00")"}, {"n", "1.50"}});
    auto const given = values_of(v);
    REQUIRE(given.overlays.size() == 3);
    CHECK(given.overlays[0].text.reveal() == R"("a/b")");
    CHECK(given.overlays[1].text.reveal() == "\"\xF0\x9F\x98\x80\"");
    CHECK(given.overlays[2].text.reveal() == "1.50");
}

TEST_CASE("set lies over files, set_string over set, set_json over all") {
    values_override v;
    v.files.push_back({"a.yaml", secret(std::string("a: {b: 1, c: [1, 2]}\nd: e\n"))});
    v.files.push_back({"b.yaml", secret(std::string("a: {b: 2}\n"))});
    fill(v.set, {{"a.c[1]", "3"}, {"a.f", "1"}, {"a.f", "2"}, {"namespace", "n"}});
    fill(v.set_string, {{"a.b", "007"}, {"x", "1"}});
    fill(v.set_json, {{"x", R"({"y":[1]})"}, {"d", "null"}});
    CHECK(merged(v) == R"({"a":{"b":"007","c":[1,3],"f":2},"d":null,"namespace":"n",)"
                       R"("x":{"y":[1]}})");
}

TEST_CASE("what is no value is refused by its key") {
    values_override v;
    fill(v.set_json, {{"a.b", "{planted"}});
    auto const made = release::merge_values(deploy::values_of(v));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::invalid_argument);
    CHECK(made.error().detail.find("a.b") != std::string::npos);
    CHECK(made.error().detail.find("planted") == std::string::npos);
}

}  // namespace pilothouse::tests::values_test
