// The door to the webhooks of projects on one screen.
#include "server/gitlab/webhook_handlers.hpp"

#include <memory>
#include <utility>

namespace pilothouse::gitlab {

http::door webhook_door(webhook_uses uses) {
    using http::body_rule;
    using http::method;
    using enum auth::permission;
    using hooks = webhook_handlers;
    static rest_words const rest;

    auto const h = std::make_shared<hooks>(std::move(uses));
    constexpr auto doc = body_rule::document;

#define PROJECT "/api/v4/projects/{project*}"
    // clang-format off
    return {"/api/v4/", &rest, {
        // verb           pattern                                    permission    body check    handler
        {method::get,     PROJECT "/hooks",                          edit_project, doc, nullptr, calling(h, &hooks::list)},
        {method::post,    PROJECT "/hooks",                          edit_project, doc, nullptr, calling(h, &hooks::create)},
        {method::get,     PROJECT "/hooks/{hook}",                   edit_project, doc, nullptr, calling(h, &hooks::show)},
        {method::put,     PROJECT "/hooks/{hook}",                   edit_project, doc, nullptr, calling(h, &hooks::edit)},
        {method::delete_, PROJECT "/hooks/{hook}",                   edit_project, doc, nullptr, calling(h, &hooks::remove)},
        {method::post,    PROJECT "/hooks/{hook}/test/{trigger}",    edit_project, doc, nullptr, calling(h, &hooks::test)},
        {method::get,     PROJECT "/hooks/{hook}/events",            edit_project, doc, nullptr, calling(h, &hooks::events)},
        {method::post,    PROJECT "/hooks/{hook}/events/{delivery}/resend", edit_project, doc, nullptr, calling(h, &hooks::resend)},
    }};
    // clang-format on
#undef PROJECT
}

}  // namespace pilothouse::gitlab
