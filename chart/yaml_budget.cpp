#include "chart/yaml_budget.hpp"

#include <algorithm>

namespace pilothouse::chart {

namespace {

// Without one of these between them there are no two nodes, documents included.
constexpr std::string_view marks = "[]{},:-?&*!'\"\n\r";

constexpr std::size_t marks_of_one_max = 60'000;

constexpr bool is_mark(char c) noexcept { return marks.find(c) != marks.npos; }

}  // namespace

bool yaml_budget::spend(std::string_view text) noexcept {
    if (text.size() > bytes_) return false;
    auto const count = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_mark));
    if (count > std::min(marks_, marks_of_one_max)) return false;
    bytes_ -= text.size();
    marks_ -= count;
    return true;
}

}  // namespace pilothouse::chart
