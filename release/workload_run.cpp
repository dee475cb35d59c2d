#include "release/workload_run.hpp"

#include "release/early_end.hpp"
#include "release/placed_objects.hpp"
#include "release/retry.hpp"

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <utility>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;
using storage::operation_kind;
using storage::release_status;

constexpr milliseconds first_look = 200ms;
constexpr milliseconds last_look = 2s;
constexpr std::size_t named_max = 10;

std::string place_of(rendered_object const& o) {
    return o.kind + " " + o.name_space + "/" + o.name;
}

// The first few, and how many more.
std::string in_a_row(std::vector<std::string> const& all) {
    std::string row;
    for (auto const& one : all | std::views::take(named_max))
        row += (row.empty() ? "" : ", ") + one;
    if (all.size() > named_max) row += " and " + std::to_string(all.size() - named_max) + " more";
    return row;
}

// A failed upgrade has made some of its objects, and has left those that it would have removed.
int also_in_force(std::vector<revision> const& history) {
    if (history.empty() || history.back().status != release_status::failed) return 0;
    for (auto const& r : history | std::views::reverse)
        if (r.status == release_status::deployed) return r.number;
    return 0;
}

void add_missing(std::vector<rendered_object>& to, std::vector<rendered_object> from) {
    for (auto& o : from) {
        bool const known = std::ranges::any_of(to, [&](rendered_object const& k) {
            return k.kind == o.kind && k.name_space == o.name_space && k.name == o.name;
        });
        if (!known) to.push_back(std::move(o));
    }
}

failure unwanted() { return {errc::cancelled, "the operation was cancelled"}; }

}  // namespace

bool workload_run::stops() const { return at_.operation().kind == operation_kind::stop; }

task<decision> workload_run::work(decision plan) {
    auto done = co_await change_all();
    if (done && at_.operation().options.wait) done = co_await wait_for_all();
    if (!done && at_.watch()->stopping()) co_return later();
    auto d = as_it_is(at_.seen());
    d.elsewhere = plan.elsewhere;
    if (!done) d.ending.error = storage::operation_error{done.error().code, done.error().detail};
    if (!bare_pods_.empty())
        d.ending.warning = "pods of no workload are left as they are: " + in_a_row(bare_pods_);
    // Some may be down where not all are.
    if (stops() && (done || !changed_.empty())) d.ending.stopped = true;
    co_return d;
}

task<result<void>> workload_run::scale_back() {
    back_ = true;
    co_return co_await change_all();
}

task<result<void>> workload_run::change_all() {
    if (parts_.scales == nullptr)
        co_return failure(errc::unavailable, "nothing here can scale workloads in clusters");
    if (auto const found = co_await find_objects(); !found) co_return found.error();
    for (auto const& object : objects_) {
        if (at_.watch()->cancelled() || at_.watch()->stopping()) co_return unwanted();
        auto const became = co_await change(object);
        if (!became)
            co_return failure(became.error().code, place_of(object) + ": " + became.error().detail);
        if (*became == scaling::done || *became == scaling::as_it_was) changed_.push_back(object);
        bool const bare = stops() && *became == scaling::not_of_these && object.kind == "Pod";
        if (bare) bare_pods_.push_back(place_of(object));
        if (*became == scaling::done) {
            std::string const what = back_ ? "scaled_back" : stops() ? "stopped" : "restarted";
            at_.tell(what, place_of(object));
        }
    }
    co_return result<void>();
}

task<result<void>> workload_run::find_objects() {
    auto const& where = at_.where();
    PILOTHOUSE_CO_TRY(access_, reread_kubeconfig(where.kubeconfig));
    PILOTHOUSE_CO_TRY(auto newest, co_await parts_.helm.manifest(where, 0));
    objects_ = placed_in(where.name_space, std::move(newest));
    if (int const other = also_in_force(at_.seen()); other != 0) {
        PILOTHOUSE_CO_TRY(auto more, co_await parts_.helm.manifest(where, other));
        add_missing(objects_, placed_in(where.name_space, std::move(more)));
    }
    std::erase_if(objects_, [](rendered_object const& o) { return o.hook || o.name.empty(); });
    co_return result<void>();
}

// A cluster that is away for a moment is asked again.
task<result<scaling>> workload_run::change(rendered_object object) {
    back_off pause(times_);
    auto const until = steady::now() + times_.patience;
    for (;;) {
        auto const became = co_await ask(object);
        if (became || !passes_by(became.error().code) || steady::now() >= until) co_return became;
        if (at_.watch()->cancelled() || at_.watch()->stopping()) co_return unwanted();
        at_.tell("waiting", became.error().detail);
        co_await at_.watch()->sleep(pause.take());
    }
}

// A restart is marked by its operation: done again, it restarts nothing twice.
task<result<scaling>> workload_run::ask(rendered_object object) {
    auto access = access_;
    auto& scales = *parts_.scales;
    if (back_) return scales.scale_back(std::move(access), std::move(object));
    if (stops()) return scales.scale_down(std::move(access), std::move(object));
    auto mark = at_.operation().id;
    return scales.restart(std::move(access), std::move(object), std::move(mark));
}

task<result<void>> workload_run::wait_for_all() {
    auto const until = steady::now() + at_.operation().options.timeout;
    auto pause = first_look;
    std::string told;
    for (;;) {
        if (at_.watch()->cancelled() || at_.watch()->stopping()) co_return unwanted();
        auto const lines = co_await not_yet();
        bool const asked = lines || passes_by(lines.error().code);
        if (!asked) co_return lines.error();
        if (lines && lines->empty()) co_return result<void>();
        bool const over = steady::now() >= until;
        if (over && !lines) co_return lines.error();
        if (over) co_return late(*lines);
        auto now = lines ? in_a_row(*lines) : lines.error().detail;
        if (now != told) at_.tell("waiting", now);
        told = std::move(now);
        auto const next = std::min<milliseconds>(pause, times_.between_looks);
        co_await at_.watch()->sleep(next);
        pause = std::min(pause * 2, last_look);
    }
}

failure workload_run::late(std::vector<std::string> const& lines) const {
    return {errc::timed_out, std::string(stops() ? "not stopped" : "not ready") + " within " +
                                 std::to_string(at_.operation().options.timeout.count()) +
                                 " seconds: " + in_a_row(lines)};
}

task<result<std::vector<std::string>>> workload_run::not_yet() {
    if (stops()) return with_pods();
    return unready();
}

task<result<std::vector<std::string>>> workload_run::with_pods() {
    std::vector<std::string> lines;
    for (auto const& object : changed_) {
        auto access = access_;
        auto what = object;
        PILOTHOUSE_CO_TRY(auto const left,
                          co_await parts_.scales->count_pods(std::move(access), std::move(what)));
        if (left == 0) continue;
        lines.push_back(place_of(object) + " has " + std::to_string(left) +
                        (left == 1 ? " pod left" : " pods left"));
    }
    co_return lines;
}

task<result<std::vector<std::string>>> workload_run::unready() {
    std::vector<std::string> lines;
    if (parts_.looks == nullptr) co_return lines;
    auto access = access_;
    auto what = changed_;
    PILOTHOUSE_CO_TRY(auto const states,
                      co_await parts_.looks->unready(std::move(access), std::move(what)));
    for (auto const& s : states)
        lines.push_back(s.kind + " " + s.name_space + "/" + s.name + ": " + s.state);
    co_return lines;
}

}  // namespace pilothouse::release
