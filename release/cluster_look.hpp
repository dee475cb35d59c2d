// One look at all that Helm has in a cluster, and what it says of our releases there.
#pragma once

#include "base/log.hpp"
#include "base/task.hpp"
#include "release/release_parts.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::release {

// By their ids: what was not there at the last look, as it was known then.
using missed_releases = std::map<std::string, instant>;

class cluster_look {
public:
    cluster_look(release_parts const& parts, logger& log, storage::cluster_id cluster,
                 missed_releases missed)
        : parts_(parts), log_(log), cluster_(cluster), missed_(std::move(missed)) {}

    // Never fails: what could not be asked is asked the next time. Answers what a second look has
    // to settle. `cancel`: readable as soon as nobody wants the answer any more.
    [[nodiscard]] task<missed_releases> work(int cancel);

private:
    [[nodiscard]] task<std::vector<storage::release_record>> known() const;
    [[nodiscard]] task<result<std::vector<listed_release>>> ask(
        secret kubeconfig, std::vector<storage::release_record>& ours, int cancel);
    [[nodiscard]] task<void> note_all(std::vector<storage::release_record> ours,
                                      std::vector<listed_release> listed);
    [[nodiscard]] task<void> note_there(storage::release_record known, listed_release seen);
    [[nodiscard]] task<void> note_missing(storage::release_record known);
    [[nodiscard]] task<void> note_unreachable(std::vector<storage::release_record> ours);
    [[nodiscard]] task<result<bool>> made_elsewhere(storage::release_record known, int revision);
    [[nodiscard]] task<std::string> words_on(storage::release_record known, int revision);
    [[nodiscard]] task<void> observe(storage::release_record known,
                                     storage::record_change<storage::release_record> change);

    release_parts const& parts_;
    logger& log_;
    storage::cluster_id cluster_;
    missed_releases missed_, missing_;
    std::size_t asked_ = 0;  // about single releases
};

}  // namespace pilothouse::release
