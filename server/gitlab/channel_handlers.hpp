// The handlers behind the routes of channels and of the versions in them.
#pragma once

#include "server/gitlab/channels.hpp"
#include "server/gitlab/rest.hpp"

#include <string>

namespace pilothouse::gitlab {

// What both start from. Thread-safe.
class channel_parts {
public:
    explicit channel_parts(channel_uses uses) : uses_(std::move(uses)) {}
    [[nodiscard]] std::string const& base_path() const noexcept { return uses_.base_path; }

protected:
    // The one that the path names.
    [[nodiscard]] static result<chart::channel_name> channel_of(rest_request const& r);
    // Another right of who asks, where the body says that it takes one.
    [[nodiscard]] task<result<auth::grant>> also(rest_request& r, auth::permission what,
                                                 auth::project_reference where);

    channel_uses uses_;
};

class channel_handlers : public channel_parts {
public:
    using channel_parts::channel_parts;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    [[nodiscard]] rest_result edit(rest_request& r);
    [[nodiscard]] rest_result retain(rest_request& r);
    [[nodiscard]] rest_result collect_garbage(rest_request& r);
};

class version_handlers : public channel_parts {
public:
    using channel_parts::channel_parts;

    [[nodiscard]] rest_result list(rest_request& r);
    [[nodiscard]] rest_result show(rest_request& r);
    // Of a channel all, those of a chart, or one: whatever the path names.
    [[nodiscard]] rest_result remove(rest_request& r);
    [[nodiscard]] rest_result promote(rest_request& r);
    [[nodiscard]] rest_result deprecate(rest_request& r);
    [[nodiscard]] rest_result undeprecate(rest_request& r);
    [[nodiscard]] rest_result yank(rest_request& r);
    [[nodiscard]] rest_result unyank(rest_request& r);
};

}  // namespace pilothouse::gitlab
