// Built once, for it takes the compiler long.
#include "tests/use_cases/directory/office.hpp"

namespace pilothouse::tests {

office::office() = default;
office::~office() = default;

}  // namespace pilothouse::tests
