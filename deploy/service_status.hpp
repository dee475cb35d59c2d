// What a Helm service is seen as, from what is known of it: the whole of the mapping.
#pragma once

#include "storage/operation_log.hpp"
#include "storage/release_store.hpp"
#include "storage/service_store.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pilothouse::deploy {

// Those of the API's states that a service of ours can be in (contracts: releases 3.2).
enum class service_state : std::uint8_t {
    ready,
    deployment_queued,
    deploying,
    deployed,
    deployment_error,
    delete_queued,
    deleting,
    deleted,
    delete_error,
    stop_queued,
    stopping,
    stopped,
    stop_error,
    restart_queued,
    restarting,
    restarted,
    restart_error,
    canceling,
    canceled,
    unavailable,
};
enum class service_action : std::uint8_t { unknown, deploy, delete_, stop, restart };
enum class action_status : std::uint8_t {
    never,
    queued,
    ongoing,
    success,
    error,
    canceling,
    canceled,
};
enum class freshness : std::uint8_t { never_deployed, out_of_date, up_to_date };

// As the API spells them: `DEPLOYMENT_QUEUED`.
[[nodiscard]] std::string_view name_of(service_state s) noexcept;
[[nodiscard]] std::string_view name_of(service_action a) noexcept;
[[nodiscard]] std::string_view name_of(action_status s) noexcept;
[[nodiscard]] std::string_view name_of(freshness f) noexcept;

// Nobody asks for more while it is so.
[[nodiscard]] bool is_under_way(service_state s) noexcept;

struct service_facts {
    int configuration = 1;  // service_record's own
    int deployed = 0;
    int deployed_revision = 0;  // that came of it; 0: nobody knows
    // The newest that was begun here, dry runs aside; empty: none ever was.
    std::optional<storage::deployment_record> last;
    // The newest on the release, through whichever door it came; empty: none, or forgotten by now.
    std::optional<storage::operation_record> operation;
    std::optional<storage::release_record> release;  // in the cluster; empty: none
    bool lined_up = false;                           // deployments wait for what is under way
    // What is just being begun, with no operation yet.
    std::optional<storage::deployment_kind> beginning = std::nullopt;
};

struct service_status {
    service_state state = service_state::ready;
    service_action action = service_action::unknown;
    action_status how = action_status::never;
    freshness configuration = freshness::never_deployed;
    friend bool operator==(service_status const&, service_status const&) = default;
};

// By contracts: releases 3.5.
[[nodiscard]] service_status status_of(service_facts const& facts);

}  // namespace pilothouse::deploy
