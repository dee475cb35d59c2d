#include "release/made_here.hpp"

#include "release/settle.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace pilothouse::release {

namespace {

using storage::operation_kind;
using storage::release_status;

// What a mending leaves behind that was cut off; never an upgrade, which somebody else may be at.
bool made_by_mending(revision const& newest) {
    return newest.status == release_status::uninstalling || is_rollback(newest);
}

// It failed, and was to uninstall, or to take away what never was in force.
bool may_have_left_uninstalling(storage::operation_record const& former,
                                std::vector<revision> const& history) {
    if (!former.error) return false;
    if (former.kind == operation_kind::uninstall) return true;
    return std::ranges::none_of(history, [](revision const& r) {
        return r.status == release_status::deployed || r.status == release_status::superseded;
    });
}

// An uninstall makes no revision of its own: the number does not say whose it is.
bool is_own(revision const& newest, storage::operation_record const& o) {
    return newest.number == o.own_before && newest.status != release_status::uninstalling;
}

// The last on this release before the one in hand.
task<std::optional<storage::operation_record>> former_operation(release_parts const& parts,
                                                                operation_in_hand const& at) {
    storage::operation_filter filter;
    filter.release = at.release().id;
    auto const last = co_await parts.operations.list(filter, 0, 2);
    for (auto const& o : last)
        if (o.id != at.operation().id) co_return o;
    co_return std::nullopt;
}

// Of a revision that we have seen. Where an uninstall is wanted anyway, it does not matter whose
// one that is half done was.
task<bool> known_is_ours(release_parts const& parts, operation_in_hand const& at, bool mended) {
    auto const& newest = at.seen().back();
    if (newest.number != at.release().revision || at.release().changed_elsewhere) co_return false;
    bool const whose = newest.status == release_status::uninstalling &&
                       at.operation().kind != operation_kind::uninstall && !mended;
    if (!whose) co_return true;
    auto const former = co_await former_operation(parts, at);
    if (!former) co_return false;
    co_return may_have_left_uninstalling(*former, at.seen());
}

}  // namespace

// An upgrade by hand inherits the labels of the revision before it. So a label is believed only of
// the last operation, and only where nobody has seen since what became of that.
task<result<bool>> made_here(release_parts const& parts, operation_in_hand const& at, bool mended) {
    if (at.seen().empty()) co_return false;
    auto const& newest = at.seen().back();
    if (is_own(newest, at.operation())) co_return true;
    if (newest.number <= at.release().revision) co_return co_await known_is_ours(parts, at, mended);
    if (mended && made_by_mending(newest)) co_return true;
    auto const former = co_await former_operation(parts, at);
    if (former && is_own(newest, *former)) co_return true;
    if (!former || !former->revision_before) co_return false;
    if (newest.number != *former->revision_before + 1) co_return false;
    if (former->kind == operation_kind::rollback)
        co_return newest.status == release_status::pending_rollback;
    PILOTHOUSE_CO_TRY(auto const marked, co_await parts.helm.revision_of(at.where(), former->id));
    co_return marked == newest.number;
}

}  // namespace pilothouse::release
