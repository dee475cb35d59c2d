#include "release/operation_in_hand.hpp"

#include "release/release_targets.hpp"

#include <utility>

namespace pilothouse::release {

operation_in_hand::operation_in_hand(release_parts const& parts, storage::claimed what,
                                     std::shared_ptr<run_watch> watch)
    : parts_(parts), what_(std::move(what)), watch_(std::move(watch)) {}

task<result<void>> operation_in_hand::open() {
    PILOTHOUSE_CO_TRY(where_, co_await target_of(parts_, what_.release));
    where_.for_operation = true;
    hidden_.add(where_.kubeconfig);
    co_return result<void>();
}

task<result<std::vector<revision>>> operation_in_hand::ask_history() {
    if (auto const opened = co_await open(); !opened) co_return opened.error();
    co_return co_await parts_.helm.history(where_);
}

void operation_in_hand::saw(std::vector<revision> history) {
    seen_ = std::move(history);
    newest_is_ours_ = false;
}

task<result<void>> operation_in_hand::note(
    storage::record_change<storage::operation_record> change) {
    PILOTHOUSE_CO_TRY(what_.operation,
                      co_await parts_.operations.note(what_.operation.id, std::move(change)));
    co_return result<void>();
}

void operation_in_hand::tell(std::string what, std::string_view text) const {
    watch_->say(std::move(what), hidden_.redact()(text));
}

}  // namespace pilothouse::release
