// The handlers behind the routes of clusters, and of the releases and operations in them.
#pragma once

#include "server/gitlab/releases.hpp"
#include "server/gitlab/rest.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace pilothouse::gitlab {

// Thread-safe, both.
class cluster_handlers {
public:
    explicit cluster_handlers(release_uses uses) : uses_(std::move(uses)) {}
    [[nodiscard]] std::string const& base_path() const noexcept { return uses_.base_path; }

    [[nodiscard]] rest_result list(rest_request& r);
    // A shared one is an administrator's; one of a project or group its owner's.
    [[nodiscard]] rest_result add(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result check(rest_request& r);
    [[nodiscard]] rest_result members(rest_request& r);
    [[nodiscard]] rest_result set_member(rest_request& r);
    [[nodiscard]] rest_result remove_member(rest_request& r);
    [[nodiscard]] rest_result rotate_key(rest_request& r);

private:
    struct owner_asked {
        std::optional<std::int64_t> project, group;  // neither: the server itself
    };
    [[nodiscard]] task<result<auth::grant>> to_own(rest_request& r, owner_asked who);
    [[nodiscard]] task<result<storage::user_record>> user_in(rest_request& r);

    release_uses uses_;
};

class release_handlers {
public:
    explicit release_handlers(release_uses uses) : uses_(std::move(uses)) {}
    [[nodiscard]] std::string const& base_path() const noexcept { return uses_.base_path; }

    [[nodiscard]] rest_result foreign(rest_request& r);
    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result install(rest_request& r);
    // What that would make.
    [[nodiscard]] rest_result diff_install(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result update(rest_request& r);
    [[nodiscard]] rest_result uninstall(rest_request& r);
    [[nodiscard]] rest_result roll_back(rest_request& r);
    [[nodiscard]] rest_result stop(rest_request& r);
    [[nodiscard]] rest_result restart(rest_request& r);
    [[nodiscard]] rest_result diff(rest_request& r);
    [[nodiscard]] rest_result drift(rest_request& r);
    [[nodiscard]] rest_result history(rest_request& r);
    [[nodiscard]] rest_result values(rest_request& r);
    [[nodiscard]] rest_result operations(rest_request& r);
    [[nodiscard]] rest_result operation(rest_request& r);
    // Those after the number `after`; with `wait`, as soon as there is one, or the operation is
    // done. As a stream to those who accept one.
    [[nodiscard]] rest_result events(rest_request& r);
    [[nodiscard]] rest_result cancel(rest_request& r);

private:
    using change = task<result<storage::begun>> (release::change_release::*)(
        auth::grant const&, release::release_request);
    [[nodiscard]] rest_result ask(rest_request& r, storage::operation_options options, change what);
    [[nodiscard]] rest_result stream_events(rest_request& r);

    release_uses uses_;
};

}  // namespace pilothouse::gitlab
