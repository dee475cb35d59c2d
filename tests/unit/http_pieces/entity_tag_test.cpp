#include "server/http/entity_tag.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace pilothouse::tests::entity_tag_test {

using namespace pilothouse::http;

TEST_CASE("entity tags are compared as RFC 9110 8.8.3.2 tabulates it") {
    struct row {
        std::string_view a, b;
        bool strong, weak;
    };
    for (auto const& r : {
             row{R"(W/"1")", R"(W/"1")", false, true},
             row{R"(W/"1")", R"(W/"2")", false, false},
             row{R"(W/"1")", R"("1")", false, true},
             row{R"("1")", R"("1")", true, true},
             row{R"("")", R"("")", true, true},
             row{R"("a")", R"("A")", false, false},
             row{R"("a\")", R"("a\")", true, true},
         }) {
        CAPTURE(r.a);
        CHECK(tags_match(r.a, r.b, tag_comparison::strong) == r.strong);
        CHECK(tags_match(r.b, r.a, tag_comparison::strong) == r.strong);
        CHECK(tags_match(r.a, r.b, tag_comparison::weak) == r.weak);
        CHECK(tags_match(r.b, r.a, tag_comparison::weak) == r.weak);
    }
}

TEST_CASE("what is no entity tag equals nothing, not even itself") {
    for (std::string_view const bad :
         {"", "a", "\"", "\"a", "a\"", "w/\"a\"", "W\"a\"", "W/a", "W/ \"a\"", "\"a b\"", "\"a\"b",
          "\"a\" ", "\"a\x7f\"", "'a'", "*"}) {
        CAPTURE(bad);
        CHECK_FALSE(tags_match(bad, bad, tag_comparison::weak));
    }
}

TEST_CASE("a tag is found anywhere in a list") {
    for (std::string_view const list :
         {R"("x")", R"(W/"x")", R"("a", "x")", R"("a","x","b")", R"(  "a"  ,  "x"  )", R"(,,"x",,)",
          R"("a,b", "x")", R"("x", junk)"}) {
        CAPTURE(list);
        CHECK(any_tag_matches(list, R"("x")", tag_comparison::weak));
    }
}

TEST_CASE("a list is read up to its first fault") {
    for (std::string_view const list :
         {"", ",", "x", R"("a")", R"("a, "x", ")", R"("a, ", "x")", R"("x)", R"("a" "x")",
          R"(junk, "x")", R"("x"y)", R"(*, "x")", R"(w/"x")"}) {
        CAPTURE(list);
        CHECK_FALSE(any_tag_matches(list, R"("x")", tag_comparison::weak));
    }
    CHECK_FALSE(any_tag_matches(R"("x")", "", tag_comparison::weak));
}

}  // namespace pilothouse::tests::entity_tag_test
