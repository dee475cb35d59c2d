#include "server/http/request_head.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace pilothouse::tests::request_head_test {

using namespace pilothouse::http;

TEST_CASE("field names have no case, values have") {
    request_head head;
    head.fields = {{"Accept", "a"}, {"X", ""}, {"ACCEPT", "b"}};
    CHECK(head.field("accept") == "a");
    CHECK(head.count("aCCept") == 2);
    CHECK(head.field("X").empty());
    CHECK(head.count("x") == 1);
    CHECK(head.field("Y").empty());
    CHECK(head.count("Accep") == 0);
}

TEST_CASE("only ASCII letters are the same in both cases") {
    struct row {
        char const* a;
        char const* b;
        bool equal;
    };
    for (row const& r : std::vector<row>{{"", "", true},
                                         {"aZ", "Az", true},
                                         {"a", "ab", false},
                                         {"[", "{", false},
                                         {"@", "`", false},
                                         {"\xc4", "\xe4", false}}) {
        CAPTURE(r.a);
        CHECK(equal_ignoring_case(r.a, r.b) == r.equal);
    }
}

TEST_CASE("a method has its name") {
    CHECK(name_of(method::delete_) == "DELETE");
    CHECK(name_of(method::other) == "other");
}

TEST_CASE("a request has a body if one is announced and not empty") {
    request_head head;
    CHECK_FALSE(head.has_body());
    head.content_length = 0;
    CHECK_FALSE(head.has_body());
    head.content_length = 1;
    CHECK(head.has_body());
    head.content_length.reset();
    head.chunked = true;
    CHECK(head.has_body());
}

}  // namespace pilothouse::tests::request_head_test
