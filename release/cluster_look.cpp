#include "release/cluster_look.hpp"

#include "release/release_targets.hpp"
#include "release/shown_history.hpp"

#include <chrono>
#include <exception>
#include <ranges>
#include <set>
#include <utility>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;
using storage::release_record;
using enum storage::release_status;

constexpr std::size_t namespaces_max = 10;
// Each is a helm or two: the rest waits for the next look.
constexpr std::size_t asked_max = 20;
// `seen` alone is not worth a write each time.
constexpr auto seen_again = 60s;

using place = std::pair<std::string, std::string>;

}  // namespace

task<missed_releases> cluster_look::work(int cancel) {
    try {
        // First what we know, then what there is: so nothing that came meanwhile is missed.
        auto ours = co_await known();
        if (ours.empty()) co_return missing_;
        auto kubeconfig = co_await open_kubeconfig(parts_, cluster_);
        if (!kubeconfig) co_return missing_;
        auto listed = co_await ask(*std::move(kubeconfig), ours, cancel);
        if (listed)
            co_await note_all(std::move(ours), *std::move(listed));
        else if (listed.error().code != errc::cancelled)
            co_await note_unreachable(std::move(ours));
    } catch (std::exception const& e) {
        log_.write(log_level::error, "releases_not_refreshed", {{"cause", e.what()}});
    }
    co_return missing_;
}

task<std::vector<release_record>> cluster_look::known() const {
    std::vector<release_record> all;
    storage::release_filter filter;
    filter.cluster = cluster_;
    storage::release_place after;
    for (;;) {
        auto some = co_await parts_.releases.list(filter, after, release_page);
        bool const last = some.size() < release_page;
        if (!some.empty()) after = storage::release_place(some.back().created, some.back().id);
        for (auto& r : some) all.push_back(std::move(r));
        if (last) co_return all;
    }
}

// All at once; or, where our credentials do not reach so far, in the namespaces that matter.
task<result<std::vector<listed_release>>> cluster_look::ask(secret kubeconfig,
                                                            std::vector<release_record>& ours,
                                                            int cancel) {
    std::string const everywhere;
    auto all = co_await parts_.helm.list(kubeconfig, everywhere, cancel);
    if (all || all.error().code != errc::denied) co_return all;
    std::set<std::string> places;
    for (auto const& r : ours)
        if (places.size() < namespaces_max) places.insert(r.name_space);
    std::erase_if(ours, [&](release_record const& r) { return !places.contains(r.name_space); });
    std::vector<listed_release> found;
    for (auto const& name_space : places) {
        PILOTHOUSE_CO_TRY(auto const some,
                          co_await parts_.helm.list(kubeconfig, name_space, cancel));
        found.insert(found.end(), some.begin(), some.end());
    }
    co_return found;
}

task<void> cluster_look::note_all(std::vector<release_record> ours,
                                  std::vector<listed_release> listed) {
    std::map<place, listed_release const*> there;
    for (auto const& r : listed) there.insert_or_assign({r.name_space, r.name}, &r);
    for (auto const& r : ours) {
        auto const found = there.find({r.name_space, r.name});
        bool const gone = found == there.end() || found->second->status == uninstalled;
        if (gone)
            co_await note_missing(r);
        else
            co_await note_there(r, *found->second);
    }
}

task<void> cluster_look::note_there(release_record known, listed_release seen) {
    auto const now = parts_.time.now();
    bool const same = known.revision == seen.revision && known.status == seen.status;
    if (same) {
        if (known.seen && now - *known.seen < seen_again) co_return;
        storage::record_change<release_record> const change =
            [now](release_record& r) -> result<void> {
            r.seen = now;
            return {};
        };
        co_await observe(std::move(known), change);
        co_return;
    }
    bool elsewhere = known.changed_elsewhere;
    std::string words = known.description;
    if (known.revision != seen.revision) {
        if (asked_++ >= asked_max) co_return;
        auto const made = co_await made_elsewhere(known, seen.revision);
        if (!made) co_return;
        elsewhere = *made;
        words = co_await words_on(known, seen.revision);
    }
    storage::record_change<release_record> const change = [=](release_record& r) -> result<void> {
        r.status = seen.status;
        r.revision = seen.revision;
        r.description = words;
        r.changed_elsewhere = elsewhere;
        r.seen = now;
        r.updated = now;
        return {};
    };
    co_await observe(std::move(known), change);
}

// One that failed before there was anything never was there. Else it is asked about by its name,
// the second time: it is too late for doubts when its record is gone.
task<void> cluster_look::note_missing(release_record known) {
    if (known.revision == 0 && known.status == failed) co_return;
    auto const before = missed_.find(known.id);
    bool const again = before != missed_.end() && before->second == known.updated;
    if (!again || asked_++ >= asked_max) {
        missing_.emplace(known.id, known.updated);
        co_return;
    }
    auto where = co_await target_of(parts_, known);
    if (!where) co_return;
    auto const history = co_await parts_.helm.history(*std::move(where));
    if (!history || (!history->empty() && history->back().status != uninstalled)) co_return;
    auto const now = parts_.time.now();
    bool const was_there = known.revision > 0;
    if (was_there)
        log_.write(log_level::info, "release_uninstalled_elsewhere",
                   {{"release", full_name(known)}});
    storage::record_change<release_record> const change = [=](release_record& r) -> result<void> {
        r.status = was_there ? uninstalled : failed;
        if (was_there) r.gone = now;
        r.seen = now;
        r.updated = now;
        return {};
    };
    co_await observe(std::move(known), change);
}

// Where nobody has ever seen a release, nothing can be said of it.
task<void> cluster_look::note_unreachable(std::vector<release_record> ours) {
    storage::record_change<release_record> const change = [](release_record& r) -> result<void> {
        r.status = unknown;
        return {};
    };
    for (auto const& r : ours)
        if (!r.seen && r.status != failed && r.status != unknown) co_await observe(r, change);
}

// Unless the last operation ended unseen, and this is what it made. An upgrade by hand inherits the
// label, so that the number has to fit, too.
task<result<bool>> cluster_look::made_elsewhere(release_record known, int revision) {
    storage::operation_filter filter;
    filter.release = known.id;
    auto const last = co_await parts_.operations.list(filter, 0, 1);
    if (!last.empty() && revision == last.front().own_before) co_return false;
    if (last.empty() || !last.front().revision_before) co_return true;
    auto const& o = last.front();
    if (known.revision > *o.revision_before || revision != *o.revision_before + 1) co_return true;
    if (o.kind == storage::operation_kind::rollback) co_return false;
    PILOTHOUSE_CO_TRY(auto where, co_await target_of(parts_, std::move(known)));
    PILOTHOUSE_CO_TRY(auto const marked, co_await parts_.helm.revision_of(std::move(where), o.id));
    co_return marked != revision;
}

task<std::string> cluster_look::words_on(release_record known, int revision) {
    auto const where = co_await target_of(parts_, std::move(known));
    if (!where) co_return std::string();
    auto const history = co_await shown_history(parts_, *where);
    if (!history) co_return std::string();
    for (auto const& r : *history | std::views::reverse)
        if (r.number == revision) co_return r.description;
    co_return std::string();
}

// Nothing, where an operation has begun since, or has come to its end: that knows better.
task<void> cluster_look::observe(release_record known,
                                 storage::record_change<release_record> change) {
    storage::record_change<release_record> const unless_changed =
        [&](release_record& r) -> result<void> {
        if (r.updated != known.updated || r.revision != known.revision)
            return failure(errc::busy, "the release was changed meanwhile");
        return change(r);
    };
    auto const noted = co_await parts_.releases.observe(known.id, unless_changed);
    static_cast<void>(noted);
}

}  // namespace pilothouse::release
