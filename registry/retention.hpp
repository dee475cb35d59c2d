// Which versions of a channel its retention rules let go, and why. Nothing but a function.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/catalogue.hpp"
#include "storage/channel_store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace pilothouse::registry {

// The rules say what stays; a version that one of them keeps, stays:
//
//   newest_of_chart, _of_major, _of_minor  the newest N releases of each chart; of each major, of
//                                          each minor version of it
//   younger_than                           releases that the channel has had for less than this
//   newest_prereleases, prereleases_younger_than   the same of pre-releases, which those above do
//                                          not look at: N of each chart
//   matching                               whatever is in this range
//
// Releases go only where a number or a time is set for releases, pre-releases only where one is set
// for them: without a rule nothing ever goes. The newest release of a chart stays, whatever the
// rules. A yanked version takes nobody's place among the newest; it stays as long as it would have.
struct doomed_version {
    storage::catalogue_entry entry;
    std::string why;  // "beyond the newest 3 releases of 1.2.x; ..."
};

// True of what must stay because something uses it, such as an installed release.
using usage_test = std::function<bool(storage::catalogue_entry const&)>;

// errc::invalid_argument: numbers below 1 (of pre-releases: below 0), times that are not positive,
// a range that does not parse.
[[nodiscard]] result<void> check_rules(storage::retention_rules const& rules);

// `versions`: of one channel, in the order of the index; `in_use` may be empty. The rules must be
// such as check_rules() takes.
[[nodiscard]] std::vector<doomed_version> doomed_by(
    storage::retention_rules const& rules, std::vector<storage::catalogue_entry> const& versions,
    instant now, usage_test const& in_use = {});

}  // namespace pilothouse::registry
