// UTF-8, under the name by which this folder and those above it know it.
#pragma once

#include "base/utf8.hpp"

namespace pilothouse::chart {

using pilothouse::append_code_point;
using pilothouse::next_code_point;
using pilothouse::not_utf8;

}  // namespace pilothouse::chart
