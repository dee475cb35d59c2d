// A stop or a restart: what is done to the workloads of a release, beside helm.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/operation_in_hand.hpp"
#include "release/release_parts.hpp"
#include "release/runner_times.hpp"
#include "release/settle.hpp"
#include "release/workloads.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace pilothouse::release {

// May be done again, however far it came. One call of work() or scale_back().
class workload_run {
public:
    // All outlive it.
    workload_run(release_parts const& parts, runner_times const& times, operation_in_hand& at)
        : parts_(parts), times_(times), at_(at) {}

    // Of an operation that is no business of Helm's, behind its preparation; `plan` is a `run`.
    // Answers how it ends; `again` where the server stops.
    [[nodiscard]] task<decision> work(decision plan);

    // Gives the workloads of a stopped release back what they had, before Helm changes it.
    // errc::cancelled: somebody wants the operation to end; else as workloads has it.
    [[nodiscard]] task<result<void>> scale_back();

private:
    [[nodiscard]] task<result<void>> change_all();
    [[nodiscard]] task<result<void>> find_objects();
    [[nodiscard]] task<result<scaling>> change(rendered_object object);
    [[nodiscard]] task<result<scaling>> ask(rendered_object object);
    [[nodiscard]] task<result<void>> wait_for_all();
    [[nodiscard]] task<result<std::vector<std::string>>> not_yet();
    [[nodiscard]] task<result<std::vector<std::string>>> with_pods();
    [[nodiscard]] task<result<std::vector<std::string>>> unready();
    [[nodiscard]] failure late(std::vector<std::string> const& lines) const;
    [[nodiscard]] bool stops() const;

    release_parts const& parts_;
    runner_times const& times_;
    operation_in_hand& at_;
    cluster_access access_;
    std::vector<rendered_object> objects_;  // of the release, with their namespaces
    std::vector<rendered_object> changed_;  // of them, those that are waited for
    std::vector<std::string> bare_pods_;
    bool back_ = false;  // not the operation's own errand, but before Helm's
};

}  // namespace pilothouse::release
