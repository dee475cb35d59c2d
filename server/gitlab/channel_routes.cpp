// What is done with channels, and with versions in them, on one screen.
//
// No channel is called `-`, so nothing here is in the way of a Helm route, whatever the channel in
// that one is called.
#include "server/gitlab/channel_handlers.hpp"
#include "server/gitlab/channels.hpp"
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/rest.hpp"

#include <memory>

namespace pilothouse::gitlab {

http::door channel_door(channel_uses uses) {
    using http::body_rule;
    using http::method;
    constexpr auto read = auth::permission::read_chart;
    constexpr auto push = auth::permission::push_chart;
    constexpr auto remove = auth::permission::remove_chart;
    // What binds deploy tokens is not theirs to set.
    constexpr auto govern = auth::permission::edit_project;
    constexpr auto admin = auth::permission::administer;
    constexpr auto doc = body_rule::document;
    constexpr auto legal = legal_channel;
    using channels = channel_handlers;
    using versions = version_handlers;
    static rest_words const rest;

    auto const c = std::make_shared<channels>(uses);
    auto const v = std::make_shared<versions>(uses);

#define API "/api/v4/"
#define ALL "/api/v4/projects/{project*}/packages/helm/-/channels"
#define ONE "/api/v4/projects/{project*}/packages/helm/-/channels/{channel}"
    // clang-format off
    return {"/api/v4/", &rest, {
        // verb           pattern                                    right   body check    handler
        {method::get,     ALL "",                                    read,   doc, nullptr, calling(c, &channels::list)},
        {method::get,     ONE "",                                    read,   doc, legal,   calling(c, &channels::show)},
        {method::put,     ONE "",                                    govern, doc, legal,   calling(c, &channels::edit)},
        {method::post,    ONE "/retain",                             read,   doc, legal,   calling(c, &channels::retain)},
        {method::get,     ONE "/versions",                           read,   doc, legal,   calling(v, &versions::list)},
        {method::get,     ONE "/charts/{chart}/versions/{version}",  read,   doc, legal,   calling(v, &versions::show)},
        {method::delete_, ONE "/charts",                             remove, doc, legal,   calling(v, &versions::remove)},
        {method::delete_, ONE "/charts/{chart}",                     remove, doc, legal,   calling(v, &versions::remove)},
        {method::delete_, ONE "/charts/{chart}/versions/{version}",  remove, doc, legal,   calling(v, &versions::remove)},
        {method::post,    ONE "/promote",                            read,   doc, legal,   calling(v, &versions::promote)},
        {method::post,    ONE "/deprecate",                          push,   doc, legal,   calling(v, &versions::deprecate)},
        {method::post,    ONE "/undeprecate",                        push,   doc, legal,   calling(v, &versions::undeprecate)},
        {method::post,    ONE "/yank",                               remove, doc, legal,   calling(v, &versions::yank)},
        {method::post,    ONE "/unyank",                             remove, doc, legal,   calling(v, &versions::unyank)},
        {method::post,    API "application/garbage_collection",      admin,  doc, nullptr, calling(c, &channels::collect_garbage)},
    }};
    // clang-format on
#undef API
#undef ALL
#undef ONE
}

}  // namespace pilothouse::gitlab
