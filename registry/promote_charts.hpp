// Versions of one channel into another one, without moving a byte.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "chart/chart_name.hpp"
#include "registry/chart_stores.hpp"
#include "registry/version_choice.hpp"
#include "storage/curator.hpp"

#include <string_view>
#include <vector>

namespace pilothouse::registry {

struct promotion_request {
    chart::channel_name from, to;
    version_choice which;
    bool move = false;  // takes them out of where they were
};

// Thread-safe.
class promote_charts {
public:
    promote_charts(chart_stores const& stores, storage::curator& curator, auth::auditor& audit,
                   clock const& time)
        : stores_(stores), curator_(curator), audit_(audit), time_(time) {}

    // `source` is permission::read_chart where the versions are, or remove_chart, which a move
    // needs (else errc::denied); `target` is permission::push_chart where they are to go, in the
    // same project or another.
    //
    // All of them or none, in one commit; when it returns a value, both indexes are as they now
    // should be. Provenance and deprecation go along. What the target has with the same content
    // stays unchanged there; with other content the target's duplicates rule decides. Of a chart or
    // a range, yanked versions stay behind; one that is named is refused.
    //
    // errc::conflict names what cannot be promoted; errc::denied: a channel is read-only, or a
    // protection rule of the target asks for a higher role to push one of the charts, of the source
    // to remove one that is moved; errc::quota_full: the target's project would hold more than it
    // may; errc::not_found, errc::invalid_argument: see choose(), and more than 10,000 versions,
    // and a channel into itself; errc::unavailable: a collection is under way, try again.
    [[nodiscard]] task<result<std::vector<storage::added>>> operator()(auth::grant const& source,
                                                                       auth::grant const& target,
                                                                       promotion_request request);

private:
    [[nodiscard]] task<void> note(auth::grant const& source, auth::grant const& target,
                                  storage::copy_request const& request,
                                  std::vector<storage::added> const& done);

    chart_stores stores_;
    storage::curator& curator_;
    auth::auditor& audit_;
    clock const& time_;
};

// "created", "replaced", "unchanged"
[[nodiscard]] std::string_view name_of(storage::added::outcome what) noexcept;

}  // namespace pilothouse::registry
