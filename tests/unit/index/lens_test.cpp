#include "index/lens.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::index::lens_test {

TEST_CASE("three lenses are read, and spelled in one way each") {
    struct row {
        std::string_view given, spelled;
        std::size_t kind;
    };
    for (auto const& r : std::vector<row>{
             {"latest-1", "latest-1", 0},
             {"latest-1000", "latest-1000", 0},
             {"chart-hello", "chart-hello", 1},
             {"chart-a_b.c-1", "chart-a_b.c-1", 1},
             {"chart-latest-5", "chart-latest-5", 1},
             {"chart-range-1", "chart-range-1", 1},
             {"range->=1.2, <2 || ^3.1", "range->=1.2.*, <2.* || ^3.1.*", 2},
             {"range-1.2 - 1.4", "range->=1.2.*, <=1.4.*", 2},
             {"range-~1.2.3", "range-~1.2.3", 2},
             {"range-~1.2.3, !=1.2.4 || ~2", "range-~1.2.3, !=1.2.4 || ~2.*", 2},
             {"range-*", "range-*", 2},
             {"range-=1.0.0+b", "range-1.0.0", 2},
         }) {
        CAPTURE(r.given);
        auto const l = lens::parse(r.given);
        REQUIRE(l);
        CHECK(l->text() == r.spelled);
        CHECK(l->what().index() == r.kind);
    }
    CHECK(std::get<newest>(lens::parse("latest-20")->what()).of_each == 20);
    CHECK(std::get<one_chart>(lens::parse("chart-tide")->what()).name.text() == "tide");
}

TEST_CASE("what is no lens is refused with a sentence that says which there are") {
    for (std::string const text : {"",
                                   "latest",
                                   "latest-",
                                   "latest-0",
                                   "latest-01",
                                   "latest-1001",
                                   "latest--1",
                                   "latest-+1",
                                   "latest-5x",
                                   "latest- 5",
                                   "latest-99999999999999999999999",
                                   "Latest-5",
                                   "newest-5",
                                   "chart",
                                   "chart-",
                                   "chart--a",
                                   "chart-a/b",
                                   "chart-a~b",
                                   "range",
                                   "range-",
                                   "range-latest",
                                   "range-1,",
                                   "latest-5~",
                                   " latest-5",
                                   "~latest-5"}) {
        CAPTURE(text);
        auto const l = lens::parse(text);
        REQUIRE(!l);
        CHECK(l.error().code == errc::invalid_argument);
        CHECK(l.error().detail.find("CHANNEL~latest-N") != std::string::npos);
        CHECK(l.error().detail.find("CHANNEL~chart-NAME") != std::string::npos);
        CHECK(l.error().detail.find("CHANNEL~range-RANGE") != std::string::npos);
    }
}

TEST_CASE("a view of a view is refused as such") {
    for (std::string const text : {"latest-5~chart-a", "chart-a~latest-5", "range->=1~latest-5",
                                   "range-~1~range-~2", "nothing~chart-a"}) {
        CAPTURE(text);
        auto const l = lens::parse(text);
        REQUIRE(!l);
        CHECK(l.error().code == errc::invalid_argument);
        CHECK(l.error().detail.starts_with("A view of a view is not to be had."));
    }
}

}  // namespace pilothouse::index::lens_test
