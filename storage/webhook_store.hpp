// Ports: the webhooks of projects, and what is to be delivered to them.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/directory.hpp"
#include "storage/ids.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage {

// What a webhook may be told of.
enum class occasion : std::uint8_t { push, promotion, deployment };
[[nodiscard]] std::string_view name_of(occasion what) noexcept;

struct announcement {
    occasion what = occasion::push;
    std::string document;  // JSON
    instant at;
};

struct webhook_record {
    webhook_id id;
    project_id project;
    std::string name;  // for people; may be empty
    std::string url;
    std::string sealed_secret;  // base/sealing
    bool on_push = true, on_promotion = true, on_deployment = true;
    bool enabled = true;
    user_id creator;           // who set it up last; 0: the command line, or a user who is gone
    bool by_operator = false;  // the command line did
    instant created, updated;
    int failures = 0;                       // attempts in a row that failed
    std::optional<instant> disabled_until;  // it rests: nothing is due for it before
};

// Switched off by its failures, and by nobody.
[[nodiscard]] inline bool has_given_up(webhook_record const& hook) noexcept {
    return !hook.enabled && hook.failures > 0;
}
[[nodiscard]] bool wants(webhook_record const& hook, occasion what) noexcept;

inline constexpr std::size_t webhooks_of_project_max = 20;

// All thread-safe; changes are durable when the awaited call returns.
class webhook_store {
public:
    virtual ~webhook_store() = default;
    // `id` is given here. errc::not_found: the project or the creator is gone; errc::conflict: the
    // project has as many as it may.
    [[nodiscard]] virtual task<result<webhook_record>> create(webhook_record hook) = 0;
    [[nodiscard]] virtual task<result<webhook_record>> find(project_id project, webhook_id id) = 0;
    [[nodiscard]] virtual task<std::vector<webhook_record>> list(project_id project) = 0;  // by id
    [[nodiscard]] virtual task<std::vector<webhook_record>> list() = 0;  // of all projects, by id
    // All but id, project and creation. What waits for one that is switched off has failed, and
    // says so. errc::not_found.
    [[nodiscard]] virtual task<result<webhook_record>> edit(
        project_id project, webhook_id id, record_change<webhook_record> change) = 0;
    // With its deliveries. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(project_id project, webhook_id id) = 0;
};

enum class delivery_state : std::uint8_t { waiting, delivered, failed };
[[nodiscard]] std::string_view name_of(delivery_state state) noexcept;

// One document on its way to one webhook.
struct delivery_record {
    std::int64_t number = 0;  // rising with time; given by the log
    std::string message;      // the same at each attempt; given by the log where it is empty
    webhook_id hook;
    occasion what = occasion::push;
    bool test = false;
    std::string document;   // empty: it is made of the operation at the first attempt
    std::string operation;  // the id of the one that ended; else empty
    instant created;
    delivery_state state = delivery_state::waiting;
    instant next;  // when it is to be tried, while it waits
    // Of the last attempt.
    int attempts = 0;
    int status = 0;  // of the answer; 0: there was none
    std::chrono::milliseconds duration{0};
    std::string error;  // empty: all was well
};

struct due_delivery {
    delivery_record delivery;
    webhook_record hook;
};

// Of one webhook. What comes when so many wait is failed at once, and says so.
inline constexpr std::size_t deliveries_waiting_max = 1000;
// Of those that have ended; the oldest go first.
inline constexpr std::size_t deliveries_kept_max = 100;

// Thread-safe; durable when the awaited call returns. Filled by what makes the changes: a push, a
// promotion and the end of an operation put into it, in their own transaction, a delivery for each
// webhook that is enabled and wants to be told. An operation concerns the project that its chart is
// from, and the project that owns its cluster.
class delivery_log {
public:
    virtual ~delivery_log() = default;
    // errc::not_found: the webhook is gone.
    [[nodiscard]] virtual task<result<delivery_record>> add(delivery_record delivery) = 0;
    // Those of enabled webhooks that do not rest, whose time has come: of each webhook the first
    // `of_each`, at most `count` in all, in the order of `next`. They stay there until note() says
    // otherwise.
    [[nodiscard]] virtual task<std::vector<due_delivery>> due(instant now, std::size_t of_each,
                                                              std::size_t count) = 0;
    [[nodiscard]] virtual task<result<delivery_record>> find(
        webhook_id hook, std::int64_t number) = 0;  // errc::not_found
    // All but number, message, hook, what and creation. errc::not_found.
    [[nodiscard]] virtual task<result<delivery_record>> note(
        std::int64_t number, record_change<delivery_record> change) = 0;
    // The newest first, at most `count` after the first `skip`.
    [[nodiscard]] virtual task<std::vector<delivery_record>> list(webhook_id hook, std::size_t skip,
                                                                  std::size_t count) = 0;
    // Of all webhooks.
    [[nodiscard]] virtual task<std::size_t> count_waiting() = 0;
    // One that nobody is to be told of. errc::not_found.
    [[nodiscard]] virtual task<result<void>> remove(std::int64_t number) = 0;
};

}  // namespace pilothouse::storage
