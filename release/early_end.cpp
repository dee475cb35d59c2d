#include "release/early_end.hpp"

#include "release/retry.hpp"

#include <exception>
#include <utility>

namespace pilothouse::release {

namespace {

using storage::operation_kind;
using storage::release_status;

// What cannot be asked stays unknown.
task<void> look_once(operation_in_hand& at) {
    try {
        auto history = co_await at.ask_history();
        if (history) at.saw(*std::move(history));
    } catch (std::exception const&) {
        co_return;
    }
}

void tell_seen(decision& d, revision const& newest) {
    d.ending.status = newest.status;
    d.ending.revision = newest.number;
    d.ending.description = newest.description;
}

}  // namespace

decision unseen(operation_in_hand const& at, failure const& why) {
    decision d;
    d.ending.error = storage::operation_error{why.code, why.detail};
    d.ending.status = release_status::unknown;
    d.ending.revision = at.release().revision;
    d.ending.description = at.release().description;
    // Of the first try of an installation nothing can be there.
    if (at.operation().kind == operation_kind::install && !at.operation().revision_before)
        d.ending.status = release_status::failed;
    // It did not change by what was asked for.
    if (!is_of_helm(at.operation().kind)) d.ending.status = at.release().status;
    return d;
}

decision refused(operation_in_hand const& at, failure const& why) {
    auto d = unseen(at, why);
    if (!at.seen().empty()) tell_seen(d, at.seen().back());
    return d;
}

decision later() {
    decision d;
    d.what = step::again;
    return d;
}

// That it is not answered any more says nothing of the cluster.
decision not_begun(operation_in_hand const& at, failure const& why) {
    return at.watch()->stopping() && passes_by(why.code) ? later() : unseen(at, why);
}

// A former process may have mended something before it ended, so the cluster is asked.
task<decision> cancelled_before(operation_in_hand& at) {
    bool const installs = at.operation().kind == operation_kind::install;
    if (!installs && at.seen().empty()) co_await look_once(at);
    auto d = unseen(at, {errc::cancelled, "the operation was cancelled"});
    d.ending.gone = installs;
    if (installs || at.seen().empty()) co_return d;
    tell_seen(d, at.seen().back());
    co_return d;
}

}  // namespace pilothouse::release
