#include "release/readiness_watch.hpp"

#include "base/utf8.hpp"
#include "release/placed_objects.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace pilothouse::release {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t lines_max = 10, line_bytes_max = 350;
constexpr auto told_again = 30s;
constexpr std::chrono::nanoseconds pause_least = 500ms;

// What Helm itself waits for; hooks it waits for always.
bool is_awaited(rendered_object const& o, operation_options const& how) {
    if (o.hook) return true;
    return o.kind == "Job" ? how.wait_for_jobs : how.wait || how.wait_for_jobs;
}

bool is_of(object_state const& s, rendered_object const& o) {
    return s.kind == o.kind && s.name_space == o.name_space && s.name == o.name;
}

// Before its hooks are through Helm makes nothing else.
void leave_hooks_alone(std::vector<object_state>& states, std::vector<rendered_object> const& all) {
    auto const is_hook = [&](object_state const& s) {
        return std::ranges::any_of(all,
                                   [&](rendered_object const& o) { return o.hook && is_of(s, o); });
    };
    if (std::ranges::any_of(states, is_hook))
        std::erase_if(states, [](object_state const& s) { return s.state == not_there_yet; });
}

// As Helm 4 writes it: `resource Deployment/shop/hello not ready. status: …`.
bool names(std::string_view told, object_state const& s) {
    return told.find(s.kind + "/" + s.name_space + "/" + s.name + " ") != told.npos;
}

}  // namespace

readiness_watch::readiness_watch(release_parts const& parts, std::shared_ptr<run_watch> watch,
                                 subject what)
    : parts_(parts), watch_(std::move(watch)), what_(std::move(what)) {}

task<void> readiness_watch::run(std::shared_ptr<readiness_watch> self) {
    auto& w = *self;
    // Of a short wait the cause is wanted, too.
    auto const half = std::chrono::nanoseconds(w.what_.how.timeout) / 2;
    auto const pause = std::min(w.what_.between_looks, std::max(half, pause_least));
    while (!w.ended_) {
        co_await w.ended_bell_.wait(pause);
        if (w.ended_) break;
        co_await w.look();
        if (!w.ended_) w.tell();
    }
}

task<void> readiness_watch::look_again(std::shared_ptr<readiness_watch> self) {
    co_await self->look();
    self->looked_bell_.ring();
}

void readiness_watch::end() noexcept {
    ended_ = true;
    ended_bell_.ring();
}

task<void> readiness_watch::last_look(std::chrono::nanoseconds at_most) {
    co_await looked_bell_.wait(at_most);
}

std::vector<std::string> readiness_watch::lines(std::string_view told) const {
    std::vector<std::string> all;
    std::size_t more = 0;
    for (auto const& s : unready_) {
        bool const has_cause = s.state.find(": ") != std::string::npos;
        if (names(told, s) && !has_cause) continue;
        if (all.size() == lines_max) {
            ++more;
            continue;
        }
        auto line = what_.hide(s.kind + " " + s.name_space + "/" + s.name + ": " + s.state);
        cut_text(line, line_bytes_max);
        all.push_back(std::move(line));
    }
    if (more > 0) all.push_back("and " + std::to_string(more) + " more");
    return all;
}

// What cannot be asked is not known, and that is all: Helm's own words tell the rest.
task<void> readiness_watch::look() {
    try {
        if (!awaited_) co_await find_objects();
        if (!awaited_) co_return;
        auto access = *access_;
        auto objects = *awaited_;
        auto found = co_await parts_.looks->unready(std::move(access), std::move(objects));
        if (!found) co_return;
        unready_ = *std::move(found);
        leave_hooks_alone(unready_, *awaited_);
    } catch (std::exception const&) {
        co_return;
    }
}

task<void> readiness_watch::find_objects() {
    auto access = reread_kubeconfig(what_.where.kubeconfig);
    if (!access) co_return;
    auto made = co_await parts_.helm.manifest(what_.where, what_.revision);
    if (!made) co_return;  // not there yet
    auto all = placed_in(what_.where.name_space, *std::move(made));
    std::erase_if(all, [this](rendered_object const& o) { return !is_awaited(o, what_.how); });
    access_ = *std::move(access);
    awaited_ = std::move(all);
}

void readiness_watch::tell() {
    std::string all;
    for (auto const& line : lines("")) all += (all.empty() ? "" : "\n") + line;
    if (all.empty()) return;
    auto const now = std::chrono::steady_clock::now();
    if (all == told_ && now - told_at_ < told_again) return;
    told_at_ = now;
    told_ = all;
    watch_->say("waiting", std::move(all));
}

}  // namespace pilothouse::release
