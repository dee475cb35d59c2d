// What is said of published versions: deprecated, yanked. Both can be taken back.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "registry/version_choice.hpp"
#include "storage/curator.hpp"

#include <string>
#include <vector>

namespace pilothouse::registry {

// Thread-safe. All versions that are meant, or none; when a call returns a value, the index says
// so. Returns the versions as they now stand. errc::not_found, errc::invalid_argument: see
// choose() and check_number(), and reasons of more than 500 characters, or more than one line;
// errc::conflict: one was replaced meanwhile, try again; errc::denied: a protection rule asks for a
// higher role, to push the chart or to remove it, as the permission is.
class mark_versions {
public:
    using marked = std::vector<storage::catalogue_entry>;

    mark_versions(storage::catalogue& catalogue, storage::curator& curator, auth::auditor& audit,
                  clock const& time)
        : catalogue_(catalogue), curator_(curator), audit_(audit), time_(time) {}

    // Need permission::push_chart. The index shows the version as deprecated; the reason, which may
    // be empty, is an annotation of it (index/entry_fragment.hpp).
    [[nodiscard]] task<result<marked>> deprecate(auth::grant const& g,
                                                 chart::channel_name const& channel,
                                                 version_choice const& which, std::string reason);
    [[nodiscard]] task<result<marked>> undeprecate(auth::grant const& g,
                                                   chart::channel_name const& channel,
                                                   version_choice const& which);

    // Need permission::remove_chart. The version leaves the index, and is still there for those who
    // know its file name. The reason is needed.
    [[nodiscard]] task<result<marked>> yank(auth::grant const& g,
                                            chart::channel_name const& channel,
                                            version_choice const& which, std::string reason);
    [[nodiscard]] task<result<marked>> unyank(auth::grant const& g,
                                              chart::channel_name const& channel,
                                              version_choice const& which);

private:
    [[nodiscard]] storage::mark said(auth::grant const& g, std::string reason) const;
    [[nodiscard]] task<result<marked>> set(auth::grant const& g, chart::channel_name const& channel,
                                           version_choice const& which, storage::marking mark);
    // One event of those that are other than they were.
    [[nodiscard]] task<void> note(auth::grant const& g, chart::channel_name const& channel,
                                  storage::marking const& mark, marked const& before,
                                  marked const& after);

    storage::catalogue& catalogue_;
    storage::curator& curator_;
    auth::auditor& audit_;
    clock const& time_;
};

}  // namespace pilothouse::registry
