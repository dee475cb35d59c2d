// Built once, for it takes the compiler long.
#include "tests/use_cases/release/yard.hpp"

namespace pilothouse::tests {

yard::yard() = default;
yard::~yard() = default;

}  // namespace pilothouse::tests
