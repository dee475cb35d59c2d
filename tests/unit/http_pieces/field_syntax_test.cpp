#include "server/http/field_syntax.hpp"

#include "request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::field_syntax_test {

using namespace pilothouse::http;
using namespace std::string_view_literals;

TEST_CASE("a token is made of the characters that RFC 9110 names") {
    for (std::string_view const good : {"a", "gzip", "Content-Type", "!#$%&'*+-.^_`|~", "0"})
        CHECK(is_token(good));
    for (std::string_view const bad : {""sv, " "sv, "a b"sv, "a\t"sv, "a,b"sv, "\"a\""sv, "a/b"sv,
                                       "a=b"sv, "a\0b"sv, "\x7f"sv, "\xc3\xa4"sv}) {
        CAPTURE(bad);
        CHECK_FALSE(is_token(bad));
    }
}

TEST_CASE("a list gives its elements, trimmed, without the empty ones") {
    using list = std::vector<std::string_view>;
    CHECK(list_elements("") == list{});
    CHECK(list_elements(" , ,\t,") == list{});
    CHECK(list_elements("a") == list{"a"});
    CHECK(list_elements("a,b") == list{"a", "b"});
    CHECK(list_elements(",, a ,\tb c,, ") == list{"a", "b c"});
}

TEST_CASE("a value's parameters are taken apart") {
    auto const parsed = parse_parameterised(R"( form-data ;name="a\"b;c" ; X=t;; name=z ;)");
    REQUIRE(parsed);
    CHECK(parsed->value == "form-data");
    REQUIRE(parsed->parameters.size() == 3);
    CHECK(*parsed->find("NAME") == R"(a"b;c)");
    CHECK(parsed->count("name") == 2);
    CHECK(*parsed->find("x") == "t");
    CHECK(parsed->find("y") == nullptr);
    CHECK(parsed->count("y") == 0);
    CHECK(parse_parameterised("a")->parameters.empty());
    CHECK(*parse_parameterised("a;b=\"\"")->find("b") == "");
}

TEST_CASE("malformed parameters are refused whole") {
    for (std::string_view const bad :
         {"a;b"sv, "a;b="sv, "a;=b"sv, "a;b=c d"sv, "a;b =c"sv, "a;b= c"sv, "a;b=\""sv, "a;b=\"c"sv,
          "a;b=\"c\\"sv, "a;b=\"c\"d"sv, "a;b=\"c\"\"d\""sv, "a;b=\"\n\""sv, "a;b=\"\\\n\""sv,
          "a;b=\"\0\""sv, "a\0"sv, "a;\"b\"=c"sv, "a;b=c,d"sv}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_parameterised(bad));
    }
}

TEST_CASE("a field sent once is found in any letter case, a repeated one is none") {
    auto const head = request(method::get, {{"A", "1"}, {"B", "2"}, {"b", "3"}, {"c", ""}});
    CHECK(only_line(head, "a") == "1");
    CHECK(only_line(head, "c") == "");
    CHECK_FALSE(only_line(head, "B"));
    CHECK_FALSE(only_line(head, "d"));
    CHECK(joined_lines(head, "b") == "2, 3");
    CHECK(joined_lines(head, "c") == "");
    CHECK_FALSE(joined_lines(head, "d"));
}

}  // namespace pilothouse::tests::field_syntax_test
