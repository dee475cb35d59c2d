// An engine without helm: a cluster in memory, and runs that go as the test says.
#pragma once

#include "base/doorbell.hpp"
#include "release/engine.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// How one run goes. What it leaves is the status of the revision that it makes; of an uninstall,
// of the newest one.
struct scripted_run {
    std::optional<release::release_status> leaves = release::release_status::deployed;
    release::run_end end = {true, false, false, std::nullopt, ""};
    bool hangs = false;  // until it is cancelled
    bool deaf = false;   // and not even then
    std::string description = "Install complete";
    std::function<void()> before = {};  // as soon as it runs
};

[[nodiscard]] inline scripted_run run_that_fails(
    errc code, std::string message,
    std::optional<release::release_status> leaves = release::release_status::failed) {
    scripted_run run;
    run.leaves = leaves;
    run.end.succeeded = false;
    run.end.error = storage::operation_error{code, message};
    run.description = std::move(message);
    return run;
}

// Single-threaded, as its tests are.
class fake_engine final : public release::engine {
public:
    using status = release::release_status;
    struct kept_revision : release::revision {
        std::string operation;
    };
    using key = std::pair<std::string, std::string>;  // namespace, name

    std::map<key, std::vector<kept_revision>> cluster;
    std::map<key, std::string> cluster_values;
    std::deque<scripted_run> script;          // of the next runs; then all go well
    std::deque<scripted_run> mending_script;  // of rollbacks and uninstalls that do not wait
    std::deque<failure> away;                 // answers of the next looks at the cluster
    std::optional<failure> always_away;
    std::optional<failure> no_helm;
    std::optional<failure> offline;  // of render_offline
    std::vector<std::string> calls;  // `install web/shop`, `rollback web/shop 1` …
    std::vector<std::string> values_seen;
    std::vector<std::string> archives_seen;
    std::vector<std::vector<std::string>> redacted_seen;
    std::vector<release::operation_options> options_seen;
    storage::operation_process child{0, 0};  // that runs say they started
    int running = 0, running_most = 0, lists = 0, histories = 0;
    std::chrono::milliseconds history_takes{0};

    task<result<release::engine_version>> version() override {
        if (no_helm) co_return *no_helm;
        co_return release::engine_version{4, 2, "v4.2.4"};
    }
    task<release::run_end> install(release::target where, release::payload what,
                                   release::operation_options how, std::string operation,
                                   std::shared_ptr<release::run_control> control) override {
        see("install", where, what, how);
        co_return co_await bring(std::move(where), std::move(what), std::move(operation),
                                 std::move(control));
    }
    task<release::run_end> upgrade(release::target where, release::payload what,
                                   release::operation_options how, std::string operation,
                                   std::shared_ptr<release::run_control> control) override {
        see("upgrade", where, what, how);
        co_return co_await bring(std::move(where), std::move(what), std::move(operation),
                                 std::move(control));
    }
    task<release::run_end> rollback(release::target where, int to, release::operation_options how,
                                    std::shared_ptr<release::run_control> control) override {
        calls.push_back("rollback " + name_of(where) + " " + std::to_string(to) + hooks(how));
        auto const run = next(how.wait ? script : mending_script);
        co_await live(run, control);
        auto& all = cluster[key_of(where)];
        if (run.leaves) {
            auto const found = std::ranges::find(all, to, &kept_revision::number);
            auto chart = found == all.end() ? std::string() : found->chart;
            push(all, *run.leaves, "Rollback to " + std::to_string(to), {}, std::move(chart));
        }
        co_return end_of(run, control);
    }
    task<release::run_end> uninstall(release::target where, release::operation_options how,
                                     std::shared_ptr<release::run_control> control) override {
        calls.push_back("uninstall " + name_of(where) + hooks(how));
        auto const run = next(how.wait ? script : mending_script);
        co_await live(run, control);
        if (run.leaves == status::deployed)
            cluster.erase(key_of(where));
        else if (run.leaves && !cluster[key_of(where)].empty())
            cluster[key_of(where)].back().status = *run.leaves;
        co_return end_of(run, control);
    }
    task<result<std::vector<release::revision>>> history(release::target where) override {
        ++histories;
        doorbell nobody;
        if (history_takes.count() != 0) co_await nobody.wait(history_takes);
        if (auto const gone = is_away()) co_return *gone;
        auto const found = cluster.find(key_of(where));
        std::vector<release::revision> all;
        if (found != cluster.end()) all.assign(found->second.begin(), found->second.end());
        co_return all;
    }
    task<result<int>> revision_of(release::target where, std::string operation) override {
        int newest = 0;
        for (auto const& r : cluster[key_of(where)])
            if (r.operation == operation) newest = r.number;
        co_return newest;
    }
    task<result<std::vector<release::listed_release>>> list(secret, std::string, int) override {
        ++lists;
        if (auto const gone = is_away()) co_return *gone;
        std::vector<release::listed_release> all;
        for (auto const& [where, revisions] : cluster)
            if (!revisions.empty())
                all.push_back({where.first, where.second, revisions.back().number,
                               revisions.back().status, revisions.back().updated,
                               revisions.back().chart, "1.0"});
        co_return all;
    }
    task<result<secret>> values(release::target where) override {
        if (auto const gone = is_away()) co_return *gone;
        co_return secret(cluster_values[key_of(where)]);
    }
    task<result<std::vector<release::rendered_object>>> render(release::target, release::payload,
                                                               bool) override {
        if (auto const gone = is_away()) co_return *gone;
        co_return rendered;
    }
    task<result<std::vector<release::rendered_object>>> render_offline(
        release::target, release::payload what) override {
        archives_seen.push_back(what.archive.string());
        if (offline) co_return *offline;
        auto all = rendered;
        all.insert(all.end(), definitions.begin(), definitions.end());
        co_return all;
    }
    task<result<std::vector<release::rendered_object>>> manifest(release::target,
                                                                 int number) override {
        manifests_asked.push_back(number);
        if (auto const gone = is_away()) co_return *gone;
        co_return deployed;
    }

    std::vector<release::rendered_object> rendered, deployed;
    std::vector<release::rendered_object> definitions;  // in `crds/`: of render_offline alone
    std::vector<int> manifests_asked;

    // As somebody else's Helm would.
    void add(std::string name_space, std::string name, status s, std::string operation = "",
             std::string description = "by hand") {
        push(cluster[{std::move(name_space), std::move(name)}], s, std::move(description),
             std::move(operation), "demo-1.0.0");
    }

private:
    static key key_of(release::target const& where) { return {where.name_space, where.name}; }
    static std::string name_of(release::target const& where) {
        return where.name_space + "/" + where.name;
    }
    static std::string hooks(release::operation_options const& how) {
        return how.skip_hooks ? " without hooks" : "";
    }
    static scripted_run next(std::deque<scripted_run>& from) {
        if (from.empty()) return {};
        auto run = std::move(from.front());
        from.pop_front();
        return run;
    }
    std::optional<failure> is_away() {
        if (always_away) return always_away;
        if (away.empty()) return std::nullopt;
        auto why = std::move(away.front());
        away.pop_front();
        return why;
    }
    static void push(std::vector<kept_revision>& all, status s, std::string description,
                     std::string operation, std::string chart) {
        kept_revision r;
        r.number = all.empty() ? 1 : all.back().number + 1;
        r.status = s;
        r.description = std::move(description);
        r.operation = std::move(operation);
        r.chart = std::move(chart);
        if (s == status::deployed)
            for (auto& old : all)
                if (old.status == status::deployed) old.status = status::superseded;
        all.push_back(std::move(r));
    }
    void see(char const* verb, release::target const& where, release::payload const& what,
             release::operation_options const& how) {
        calls.push_back(std::string(verb) + " " + name_of(where) + hooks(how));
        values_seen.emplace_back(what.values.reveal());
        archives_seen.push_back(what.archive.string());
        redacted_seen.push_back(what.redacted);
        options_seen.push_back(how);
    }
    task<release::run_end> bring(release::target where, release::payload what,
                                 std::string operation,
                                 std::shared_ptr<release::run_control> control) {
        auto const run = next(script);
        co_await live(run, control);
        if (run.leaves) {
            push(cluster[key_of(where)], *run.leaves, run.description, operation, "demo-1.0.0");
            cluster_values[key_of(where)] = what.values.reveal();
        }
        co_return end_of(run, control);
    }
    static bool is_cancelled(std::shared_ptr<release::run_control> const& control) {
        pollfd wanted{control->cancel_descriptor(), POLLIN, 0};
        return ::poll(&wanted, 1, 0) == 1;
    }
    task<void> live(scripted_run run, std::shared_ptr<release::run_control> control) {
        if (child.number != 0) control->started(child);
        control->said("helm", "a line of helm");
        running_most = std::max(running_most, ++running);
        if (run.before) run.before();
        doorbell nobody;
        co_await nobody.wait(std::chrono::milliseconds(1));
        while (run.hangs && (run.deaf || !is_cancelled(control)))
            co_await nobody.wait(std::chrono::milliseconds(1));
        --running;
    }
    static release::run_end end_of(scripted_run const& run,
                                   std::shared_ptr<release::run_control> const& control) {
        auto end = run.end;
        if (!run.hangs || !is_cancelled(control)) return end;
        end.succeeded = false;
        end.cancelled = true;
        end.error = storage::operation_error{errc::cancelled, "context canceled"};
        return end;
    }
};

}  // namespace pilothouse::tests
