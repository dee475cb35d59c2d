// The suites, and behind them the plans of all statements that they ran.
#define DOCTEST_CONFIG_IMPLEMENT
#include "tests/contract/query_plans.hpp"

#include <doctest/doctest.h>

int main(int count, char** arguments) {
    pilothouse::tests::watch_statements();
    doctest::Context suites(count, arguments);
    int const failed = suites.run();
    return failed != 0 || suites.shouldExit() || pilothouse::tests::are_plans_good() ? failed : 1;
}
