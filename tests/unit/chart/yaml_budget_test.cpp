#include "chart/yaml_budget.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::yaml_budget_test {

using namespace pilothouse::chart;

namespace {

std::size_t affordable(std::string const& text) {
    yaml_budget budget;
    std::size_t texts = 0;
    while (texts < 10'000 && budget.spend(text)) ++texts;
    return texts;
}

}  // namespace

TEST_CASE("all texts together have a limit of bytes") {
    CHECK(affordable(std::string(8 * 1024 * 1024, 'x')) == 1);
    CHECK(affordable(std::string(8 * 1024 * 1024 + 1, 'x')) == 0);
    CHECK(affordable(std::string(1024 * 1024, '#')) == 8);
}

TEST_CASE("all texts together have a limit of what may separate nodes, and each has its own") {
    for (char const mark : std::string("[]{},:-?&*!'\"\n\r")) {
        CAPTURE(mark);
        CHECK(affordable(std::string(60'000, mark)) == 8);
        CHECK(affordable(std::string(60'001, mark)) == 0);
    }
    CHECK(affordable(std::string(600'000, 'x')) == 13);
}

TEST_CASE("a text that is too much leaves the rest for smaller ones") {
    yaml_budget budget;
    CHECK_FALSE(budget.spend(std::string(100'000, ',')));
    CHECK(budget.spend("a: 1\n"));
    for (int i = 0; i < 8; ++i) CHECK(budget.spend(std::string(60'000, ',')));
    CHECK_FALSE(budget.spend(std::string(60'000, ',')));
    CHECK(budget.spend(std::string(19'000, ',')));
}

TEST_CASE("an empty text costs nothing") { CHECK(affordable("") == 10'000); }

}  // namespace pilothouse::tests::yaml_budget_test
