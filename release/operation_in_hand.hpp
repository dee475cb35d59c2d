// An operation that the runner has in hand: what was asked for, and its release as the cluster
// tells of it.
#pragma once

#include "base/result.hpp"
#include "base/task.hpp"
#include "release/engine.hpp"
#include "release/hidden_texts.hpp"
#include "release/release_parts.hpp"
#include "release/run_watch.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release {

// Lives on the runner's core, from the claim to the end.
class operation_in_hand {
public:
    // `parts` outlive it.
    operation_in_hand(release_parts const& parts, storage::claimed what,
                      std::shared_ptr<run_watch> watch);

    [[nodiscard]] storage::operation_record const& operation() const { return what_.operation; }
    // As it was known when the operation was claimed.
    [[nodiscard]] storage::release_record const& release() const { return what_.release; }
    // Those sent with it; empty: none were.
    [[nodiscard]] std::string const& sealed_values() const { return what_.sealed_values; }
    [[nodiscard]] std::shared_ptr<run_watch> const& watch() const { return watch_; }

    // Opens the cluster's credentials as they are now, and hides them; failures as target_of() has
    // them.
    [[nodiscard]] task<result<void>> open();
    // As opened last.
    [[nodiscard]] target const& where() const { return where_; }
    // Opens, and asks for the history.
    [[nodiscard]] task<result<std::vector<revision>>> ask_history();

    // The history that was believed last; empty before saw().
    void saw(std::vector<revision> history);
    [[nodiscard]] std::vector<revision> const& seen() const { return seen_; }
    // Whether the newest of them is known to be made here; not before somebody says so.
    void newest_is_ours(bool ours) { newest_is_ours_ = ours; }
    [[nodiscard]] bool newest_is_ours() const { return newest_is_ours_; }

    // Writes down what is known while it runs; failures as storage::operation_log::note() has them.
    [[nodiscard]] task<result<void>> note(storage::record_change<storage::operation_record> change);

    [[nodiscard]] hidden_texts& hidden() { return hidden_; }
    [[nodiscard]] hidden_texts const& hidden() const { return hidden_; }
    // As an event, without what is hidden.
    void tell(std::string what, std::string_view text) const;

private:
    release_parts const& parts_;
    storage::claimed what_;
    std::shared_ptr<run_watch> watch_;
    target where_;
    std::vector<revision> seen_;
    bool newest_is_ours_ = false;
    hidden_texts hidden_;
};

}  // namespace pilothouse::release
