// How much YAML of one archive is read at all.
#pragma once

#include <cstddef>
#include <string_view>

namespace pilothouse::chart {

// A limit for each file does not bound their sum: an archive of some kilobytes may hold a thousand
// of the largest. This bounds the time that all of them take to about half a second, and the memory
// that one takes to about 30 MiB, because the YAML library keeps all that lies between two
// brackets. Both are more than ten times what real charts need.
class yaml_budget {
public:
    // Whether there is enough left to read this text; what it will cost is then spent.
    [[nodiscard]] bool spend(std::string_view text) noexcept;

private:
    std::size_t bytes_ = 8 * 1024 * 1024;
    std::size_t marks_ = 500'000;
};

}  // namespace pilothouse::chart
