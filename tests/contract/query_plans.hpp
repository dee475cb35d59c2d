// How SQLite finds the rows, for every statement that the suites run.
#pragma once

namespace pilothouse::tests {

// Notes each statement of each connection that this process opens from here on.
void watch_statements();

// Of what was noted: does every statement find its rows without reading a whole table that may
// grow? Prints those that do not, with SQLite's plan.
[[nodiscard]] bool are_plans_good();

}  // namespace pilothouse::tests
