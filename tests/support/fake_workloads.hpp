// Workloads without Kubernetes: sizes in memory, and trouble as the test says.
#pragma once

#include "release/workloads.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// Single-threaded, as its tests are. Deployments and CronJobs are scaled, Deployments restarted.
class fake_workloads final : public release::workloads {
public:
    std::set<std::string> down;                   // `web/shop`
    std::map<std::string, std::string> marks;     // of restarts
    std::map<std::string, std::size_t> clinging;  // pods that do not go
    std::set<std::string> missing;
    std::vector<std::string> calls;  // `down web/shop`, `back web/shop` …
    std::deque<failure> away;        // answers of the next calls
    std::optional<failure> always_away;
    std::function<void(std::string const&)> before;  // each call is made

    task<result<release::scaling>> scale_down(release::cluster_access,
                                              release::rendered_object object) override {
        auto const name = begin("down", object);
        if (auto const gone = is_away()) co_return *gone;
        if (!scales(object)) co_return release::scaling::not_of_these;
        if (missing.contains(name)) co_return release::scaling::absent;
        co_return became(down.insert(name).second);
    }
    task<result<release::scaling>> scale_back(release::cluster_access,
                                              release::rendered_object object) override {
        auto const name = begin("back", object);
        if (auto const gone = is_away()) co_return *gone;
        if (!scales(object)) co_return release::scaling::not_of_these;
        co_return became(down.erase(name) == 1);
    }
    task<result<release::scaling>> restart(release::cluster_access, release::rendered_object object,
                                           std::string mark) override {
        auto const name = begin("restart", object);
        if (auto const gone = is_away()) co_return *gone;
        if (object.kind != "Deployment") co_return release::scaling::not_of_these;
        co_return became(std::exchange(marks[name], mark) != mark);
    }
    task<result<std::size_t>> count_pods(release::cluster_access,
                                         release::rendered_object object) override {
        auto const name = begin("count", object);
        if (auto const gone = is_away()) co_return *gone;
        auto const found = clinging.find(name);
        co_return found == clinging.end() ? std::size_t(0) : found->second;
    }

private:
    std::string begin(char const* what, release::rendered_object const& object) {
        auto name = object.name_space + "/" + object.name;
        calls.push_back(what + (" " + name));
        if (before) before(calls.back());
        return name;
    }
    static bool scales(release::rendered_object const& object) {
        return object.kind == "Deployment" || object.kind == "CronJob";
    }
    static release::scaling became(bool changed) {
        return changed ? release::scaling::done : release::scaling::as_it_was;
    }
    std::optional<failure> is_away() {
        if (always_away) return always_away;
        if (away.empty()) return std::nullopt;
        auto why = std::move(away.front());
        away.pop_front();
        return why;
    }
};

}  // namespace pilothouse::tests
