// The failure of a chart that can be read but is not taken.
#pragma once

#include "base/failure.hpp"

#include <string>
#include <utility>

namespace pilothouse::chart {

// `why`: one sentence for the client.
[[nodiscard]] inline failure refused(std::string why) {
    return failure(errc::unacceptable_chart, std::move(why));
}

}  // namespace pilothouse::chart
