// Brings the charts of a source into a channel, each for itself.
#pragma once

#include "base/result.hpp"
#include "transfer/house.hpp"
#include "transfer/progress.hpp"
#include "transfer/source.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::transfer {

struct import_request {
    bool provenance = true;  // take it along where there is some
};

struct remark {
    std::string file, text;
};

struct imported {
    std::size_t taken = 0;
    std::size_t already_there = 0;
    std::vector<remark> refused;     // with the reason; nothing is stored of them
    std::vector<remark> warnings;    // of those that were taken
    std::optional<failure> stopped;  // set where the registry went away before the end
};

// What the channel holds with the same bytes is not fetched at all, so a second call goes on where
// a first one was interrupted. A failure is answered where nothing could be begun: the source's
// index, or the registry.
[[nodiscard]] result<imported> import_charts(source& from, house& into, import_request const& how,
                                             progress& told);

}  // namespace pilothouse::transfer
