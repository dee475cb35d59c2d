// What every operation log decides alike.
#pragma once

#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pilothouse::storage {

// --- the answers

[[nodiscard]] failure no_such_cluster();
[[nodiscard]] failure no_such_release();
[[nodiscard]] failure no_such_operation();
[[nodiscard]] failure release_exists();
[[nodiscard]] failure other_request();
[[nodiscard]] failure queue_full();
[[nodiscard]] failure queue_full_of_yours();
// Nothing else stands in quotes: a client reads the id out of it (contracts: releases 1.5).
[[nodiscard]] failure conflicting_operation(std::string_view id);
[[nodiscard]] failure being_changed(std::string_view operation);

// --- records

inline constexpr std::chrono::hours key_lifetime{24};

// The operation and its release as they are from now on; of an install with their ids, otherwise
// `release` is the one there is. Cluster and names of the operation are those of the release.
void start(operation_record& operation, release_record& release, instant now);
// It is claimed.
void run(operation_record& operation, instant now);
// As operation_log::note.
[[nodiscard]] result<void> note(operation_record& operation,
                                record_change<operation_record> const& change, instant now);
// errc::wrong_state: it is done already.
[[nodiscard]] result<void> finish(operation_record& operation, release_record& release,
                                  operation_ending const& ending, instant now);
// As operation_log::cancel; whether it is done thereby. `before`: the release's status when the
// operation began.
[[nodiscard]] bool cancel(operation_record& operation, release_record& release,
                          release_status before, instant now);
// As release_store::observe.
[[nodiscard]] result<void> observe(release_record& release,
                                   record_change<release_record> const& change);

// --- events

// How one more is kept where there are `kept`.
enum class event_place : std::uint8_t { beside_others, with_notice_for_last, for_last };
[[nodiscard]] event_place place_of_event(std::size_t kept) noexcept;
[[nodiscard]] operation_event notice_of_dropped(instant at);

}  // namespace pilothouse::storage
