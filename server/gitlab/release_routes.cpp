// Clusters, releases and operations, on one screen. What the marketplace's API has as well
// (install, update, uninstall) is here in this API's own words.
#include "server/gitlab/release_handlers.hpp"
#include "server/gitlab/releases.hpp"
#include "server/gitlab/rest.hpp"

#include <memory>
#include <utility>

namespace pilothouse::gitlab {

namespace {

// A misspelt name would install into another namespace.
template <class Handlers>
http::handler changing(std::shared_ptr<Handlers> handlers, rest_handler<Handlers> handler) {
    return calling(std::move(handlers), handler, unknown_names::refused);
}

}  // namespace

http::door release_door(release_uses uses) {
    using http::body_rule;
    using http::method;
    constexpr auto see = auth::permission::see_cluster;
    constexpr auto use = auth::permission::use_cluster;
    constexpr auto manage = auth::permission::manage_cluster;
    constexpr auto known = auth::permission::be_somebody;
    constexpr auto self = auth::permission::be_oneself;
    constexpr auto admin = auth::permission::administer;
    constexpr auto doc = body_rule::document;
    using clusters = cluster_handlers;
    using releases = release_handlers;
    static rest_words const rest;

    auto const c = std::make_shared<clusters>(uses);
    auto const r = std::make_shared<releases>(uses);

#define ALL "/api/v4/clusters"
#define ONE "/api/v4/clusters/{cluster}"
#define REL "/api/v4/clusters/{cluster}/releases/{release}"
#define OPS "/api/v4/clusters/{cluster}/operations"
    // clang-format off
    return {"/api/v4/", &rest, {
        // verb           pattern                          right    body check    handler
        {method::get,     ALL "",                          known,  doc, nullptr, calling(c, &clusters::list)},
        {method::post,    ALL "",                          self,   doc, nullptr, changing(c, &clusters::add)},
        {method::post,    ALL "/-/rotate_key",             admin,  doc, nullptr, changing(c, &clusters::rotate_key)},
        {method::get,     ONE "",                          see,    doc, nullptr, calling(c, &clusters::show)},
        {method::put,     ONE "",                          manage, doc, nullptr, changing(c, &clusters::edit)},
        {method::delete_, ONE "",                          manage, doc, nullptr, changing(c, &clusters::remove)},
        {method::post,    ONE "/check",                    use,    doc, nullptr, changing(c, &clusters::check)},
        {method::get,     ONE "/members",                  see,    doc, nullptr, calling(c, &clusters::members)},
        {method::put,     ONE "/members/{user}",           manage, doc, nullptr, changing(c, &clusters::set_member)},
        {method::delete_, ONE "/members/{user}",           manage, doc, nullptr, changing(c, &clusters::remove_member)},
        {method::get,     ONE "/foreign_releases",         see,    doc, nullptr, calling(r, &releases::foreign)},
        {method::post,    ONE "/diff",                     use,    doc, nullptr, changing(r, &releases::diff_install)},
        {method::get,     ONE "/releases",                 see,    doc, nullptr, calling(r, &releases::list)},
        {method::post,    ONE "/releases",                 use,    doc, nullptr, changing(r, &releases::install)},
        {method::get,     REL "",                          see,    doc, nullptr, calling(r, &releases::show)},
        {method::put,     REL "",                          use,    doc, nullptr, changing(r, &releases::update)},
        {method::delete_, REL "",                          use,    doc, nullptr, changing(r, &releases::uninstall)},
        {method::post,    REL "/rollback",                 use,    doc, nullptr, changing(r, &releases::roll_back)},
        {method::post,    REL "/stop",                     use,    doc, nullptr, changing(r, &releases::stop)},
        {method::post,    REL "/restart",                  use,    doc, nullptr, changing(r, &releases::restart)},
        {method::post,    REL "/diff",                     use,    doc, nullptr, changing(r, &releases::diff)},
        {method::get,     REL "/drift",                    see,    doc, nullptr, calling(r, &releases::drift)},
        {method::get,     REL "/history",                  see,    doc, nullptr, calling(r, &releases::history)},
        {method::get,     REL "/values",                   use,    doc, nullptr, calling(r, &releases::values)},
        {method::get,     OPS "",                          see,    doc, nullptr, calling(r, &releases::operations)},
        {method::get,     OPS "/{operation}",              see,    doc, nullptr, calling(r, &releases::operation)},
        {method::get,     OPS "/{operation}/events",       see,    doc, nullptr, calling(r, &releases::events)},
        {method::post,    OPS "/{operation}/cancel",       use,    doc, nullptr, changing(r, &releases::cancel)},
    }};
    // clang-format on
#undef ALL
#undef ONE
#undef REL
#undef OPS
}

}  // namespace pilothouse::gitlab
