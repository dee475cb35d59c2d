// The part of an index that a lens lets through.
#pragma once

#include "index/group_list.hpp"
#include "index/lens.hpp"

#include <cstdint>

namespace pilothouse::index {

struct view {
    group_list lines;
    std::uint64_t own_bytes;  // of the text that it does not share with the whole
};

// In the order of the whole. A group that the lens lets through entirely is the whole's own. Takes
// about 0.3 µs a version for a range, less for the others: on a pool where there are many.
[[nodiscard]] view seen_through(lens const& l, group_list const& whole);

}  // namespace pilothouse::index
