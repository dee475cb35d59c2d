// GitLab's administration API on one screen.
#include "server/gitlab/administration.hpp"
#include "server/gitlab/instance_handlers.hpp"
#include "server/gitlab/member_handlers.hpp"
#include "server/gitlab/package_handlers.hpp"
#include "server/gitlab/place_handlers.hpp"
#include "server/gitlab/token_handlers.hpp"
#include "server/gitlab/user_handlers.hpp"

#include <memory>
#include <optional>

namespace pilothouse::gitlab {

http::door administration_door(administration_uses uses) {
    using http::body_rule;
    using http::method;
    using enum auth::permission;
    using users = user_handlers;
    using groups = group_handlers;
    using projects = project_handlers;
    using members = member_handlers;
    using personal = personal_token_handlers;
    using access = access_token_handlers;
    using deploy = deploy_token_handlers;
    using rules = protection_handlers;
    using packages = package_handlers;
    using instance = instance_handlers;
    static rest_words const rest;

    auto const u = std::make_shared<users>(uses);
    auto const g = std::make_shared<groups>(uses);
    auto const p = std::make_shared<projects>(uses);
    auto const m = std::make_shared<members>(uses);
    auto const t = std::make_shared<personal>(uses);
    auto const a = std::make_shared<access>(uses);
    auto const d = std::make_shared<deploy>(uses);
    auto const r = std::make_shared<rules>(uses);
    auto const k = std::make_shared<packages>(uses);
    auto const i = std::make_shared<instance>(uses);
    constexpr auto doc = body_rule::document;

#define API "/api/v4/"
#define GROUP "/api/v4/groups/{group*}"
#define PROJECT "/api/v4/projects/{project*}"
    // clang-format off
    return {"/api/v4/", &rest, {
        // verb           pattern                                    permission    body check    handler
        {method::get,     API "version",                             be_somebody,  doc, nullptr, calling(u, &users::version)},
        {method::get,     API "metadata",                            be_somebody,  doc, nullptr, calling(u, &users::metadata)},
        {method::get,     API "user",                                be_somebody,  doc, nullptr, calling(u, &users::me)},
        {method::get,     API "users",                               be_somebody,  doc, nullptr, calling(u, &users::list)},
        {method::post,    API "users",                               administer,   doc, nullptr, calling(u, &users::create)},
        {method::get,     API "users/{user}",                        be_somebody,  doc, nullptr, calling(u, &users::show)},
        {method::put,     API "users/{user}",                        administer,   doc, nullptr, calling(u, &users::edit)},
        {method::delete_, API "users/{user}",                        administer,   doc, nullptr, calling(u, &users::remove)},
        {method::post,    API "users/{user}/block",                  administer,   doc, nullptr, calling(u, &users::block)},
        {method::post,    API "users/{user}/unblock",                administer,   doc, nullptr, calling(u, &users::unblock)},
        {method::post,    API "users/{user}/personal_access_tokens", administer,   doc, nullptr, calling(t, &personal::create)},

        {method::get,     API "personal_access_tokens",              be_somebody,  doc, nullptr, calling(t, &personal::list)},
        {method::get,     API "personal_access_tokens/self",         hold_token,   doc, nullptr, calling(t, &personal::show_self)},
        {method::delete_, API "personal_access_tokens/self",         hold_token,   doc, nullptr, calling(t, &personal::revoke_self)},
        {method::post,    API "personal_access_tokens/self/rotate",  rotate_token, doc, nullptr, calling(t, &personal::rotate_self)},
        {method::get,     API "personal_access_tokens/{token}",      be_somebody,  doc, nullptr, calling(t, &personal::show)},
        {method::delete_, API "personal_access_tokens/{token}",      be_oneself,   doc, nullptr, calling(t, &personal::revoke)},
        {method::post,    API "personal_access_tokens/{token}/rotate", be_oneself, doc, nullptr, calling(t, &personal::rotate)},

        {method::get,     API "groups",                              browse,       doc, nullptr, calling(g, &groups::list)},
        {method::post,    API "groups",                              be_oneself,   doc, nullptr, calling(g, &groups::create)},
        {method::get,     GROUP "",                                  read_group,   doc, nullptr, calling(g, &groups::show)},
        {method::put,     GROUP "",                                  own_group,    doc, nullptr, calling(g, &groups::edit)},
        {method::delete_, GROUP "",                                  own_group,    doc, nullptr, calling(g, &groups::remove)},
        {method::get,     GROUP "/projects",                         read_group,   doc, nullptr, calling(g, &groups::projects)},
        {method::get,     GROUP "/subgroups",                        read_group,   doc, nullptr, calling(g, &groups::subgroups)},
        {method::get,     GROUP "/descendant_groups",                read_group,   doc, nullptr, calling(g, &groups::descendants)},
        {method::get,     GROUP "/members",                          read_group,   doc, nullptr, calling(m, &members::list)},
        {method::post,    GROUP "/members",                          own_group,    doc, nullptr, calling(m, &members::add)},
        {method::get,     GROUP "/members/all",                      read_group,   doc, nullptr, calling(m, &members::list_all)},
        {method::get,     GROUP "/members/all/{user}",               read_group,   doc, nullptr, calling(m, &members::show_effective)},
        {method::get,     GROUP "/members/{user}",                   read_group,   doc, nullptr, calling(m, &members::show)},
        {method::put,     GROUP "/members/{user}",                   own_group,    doc, nullptr, calling(m, &members::edit)},
        {method::delete_, GROUP "/members/{user}",                   read_group,   doc, nullptr, calling(m, &members::remove)},
        {method::get,     GROUP "/access_tokens",                    own_group,    doc, nullptr, calling(a, &access::list)},
        {method::post,    GROUP "/access_tokens",                    own_group,    doc, nullptr, calling(a, &access::create)},
        {method::get,     GROUP "/access_tokens/{token}",            own_group,    doc, nullptr, calling(a, &access::show)},
        {method::delete_, GROUP "/access_tokens/{token}",            own_group,    doc, nullptr, calling(a, &access::revoke)},
        {method::post,    GROUP "/access_tokens/self/rotate",        rotate_token, doc, nullptr, calling(a, &access::rotate_self_of_group)},
        {method::post,    GROUP "/access_tokens/{token}/rotate",     own_group,    doc, nullptr, calling(a, &access::rotate)},
        {method::get,     GROUP "/deploy_tokens",                    manage_group, doc, nullptr, calling(d, &deploy::list)},
        {method::post,    GROUP "/deploy_tokens",                    own_group,    doc, nullptr, calling(d, &deploy::create)},
        {method::get,     GROUP "/deploy_tokens/{token}",            manage_group, doc, nullptr, calling(d, &deploy::show)},
        {method::delete_, GROUP "/deploy_tokens/{token}",            own_group,    doc, nullptr, calling(d, &deploy::revoke)},
        {method::get,     GROUP "/packages",                         read_group,   doc, nullptr, calling(k, &packages::list_in_group)},
        {method::get,     GROUP "/audit_events",                     own_group,    doc, nullptr, calling(i, &instance::audit_events)},
        {method::get,     GROUP "/audit_events/{event}",             own_group,    doc, nullptr, calling(i, &instance::audit_event_of_place)},

        {method::get,     API "projects",                            browse,       doc, nullptr, calling(p, &projects::list)},
        {method::post,    API "projects",                            be_oneself,   doc, nullptr, calling(p, &projects::create)},
        {method::get,     PROJECT "",                                read_project, doc, nullptr, calling(p, &projects::show)},
        {method::put,     PROJECT "",                                edit_project, doc, nullptr, calling(p, &projects::edit)},
        {method::delete_, PROJECT "",                                own_project,  doc, nullptr, calling(p, &projects::remove)},
        {method::post,    PROJECT "/archive",                        own_project,  doc, nullptr, calling(p, &projects::archive)},
        {method::post,    PROJECT "/unarchive",                      own_project,  doc, nullptr, calling(p, &projects::unarchive)},
        {method::get,     PROJECT "/members",                        read_project, doc, nullptr, calling(m, &members::list)},
        {method::post,    PROJECT "/members",                        edit_project, doc, nullptr, calling(m, &members::add)},
        {method::get,     PROJECT "/members/all",                    read_project, doc, nullptr, calling(m, &members::list_all)},
        {method::get,     PROJECT "/members/all/{user}",             read_project, doc, nullptr, calling(m, &members::show_effective)},
        {method::get,     PROJECT "/members/{user}",                 read_project, doc, nullptr, calling(m, &members::show)},
        {method::put,     PROJECT "/members/{user}",                 edit_project, doc, nullptr, calling(m, &members::edit)},
        {method::delete_, PROJECT "/members/{user}",                 read_project, doc, nullptr, calling(m, &members::remove)},
        {method::get,     PROJECT "/access_tokens",                  edit_project, doc, nullptr, calling(a, &access::list)},
        {method::post,    PROJECT "/access_tokens",                  edit_project, doc, nullptr, calling(a, &access::create)},
        {method::get,     PROJECT "/access_tokens/{token}",          edit_project, doc, nullptr, calling(a, &access::show)},
        {method::delete_, PROJECT "/access_tokens/{token}",          edit_project, doc, nullptr, calling(a, &access::revoke)},
        {method::post,    PROJECT "/access_tokens/self/rotate",      rotate_token, doc, nullptr, calling(a, &access::rotate_self_of_project)},
        {method::post,    PROJECT "/access_tokens/{token}/rotate",   edit_project, doc, nullptr, calling(a, &access::rotate)},
        {method::get,     PROJECT "/deploy_tokens",                  edit_project, doc, nullptr, calling(d, &deploy::list)},
        {method::post,    PROJECT "/deploy_tokens",                  edit_project, doc, nullptr, calling(d, &deploy::create)},
        {method::get,     PROJECT "/deploy_tokens/{token}",          edit_project, doc, nullptr, calling(d, &deploy::show)},
        {method::delete_, PROJECT "/deploy_tokens/{token}",          edit_project, doc, nullptr, calling(d, &deploy::revoke)},
        {method::get,     PROJECT "/packages/protection/rules",      edit_project, doc, nullptr, calling(r, &rules::list)},
        {method::post,    PROJECT "/packages/protection/rules",      edit_project, doc, nullptr, calling(r, &rules::create)},
        {method::patch,   PROJECT "/packages/protection/rules/{rule}", edit_project, doc, nullptr, calling(r, &rules::edit)},
        {method::delete_, PROJECT "/packages/protection/rules/{rule}", edit_project, doc, nullptr, calling(r, &rules::remove)},
        {method::get,     PROJECT "/packages",                       read_chart,   doc, nullptr, calling(k, &packages::list)},
        {method::get,     PROJECT "/packages/{package}",             read_chart,   doc, nullptr, calling(k, &packages::show)},
        {method::delete_, PROJECT "/packages/{package}",             remove_chart, doc, nullptr, calling(k, &packages::remove)},
        {method::get,     PROJECT "/packages/{package}/package_files", read_chart, doc, nullptr, calling(k, &packages::files)},
        {method::get,     PROJECT "/packages/{package}/package_files/{file}/download", read_chart, doc, nullptr, calling(k, &packages::download)},
        {method::delete_, PROJECT "/packages/{package}/package_files/{file}", remove_chart, doc, nullptr, calling(k, &packages::remove_file)},
        {method::get,     PROJECT "/packages/{package}/pipelines",   read_chart,   doc, nullptr, calling(k, &packages::pipelines)},
        {method::get,     PROJECT "/audit_events",                   edit_project, doc, nullptr, calling(i, &instance::audit_events)},
        {method::get,     PROJECT "/audit_events/{event}",           edit_project, doc, nullptr, calling(i, &instance::audit_event_of_place)},

        {method::get,     API "deploy_tokens",                       administer,   doc, nullptr, calling(d, &deploy::list_every)},
        {method::get,     API "application/plan_limits",             administer,   doc, nullptr, calling(i, &instance::plan_limits)},
        {method::put,     API "application/plan_limits",             administer,   doc, nullptr, calling(i, &instance::change_plan_limits)},
        {method::get,     API "audit_events",                        administer,   doc, nullptr, calling(i, &instance::audit_events)},
        {method::get,     API "audit_events/{event}",                administer,   doc, nullptr, calling(i, &instance::audit_event)},
    }};
    // clang-format on
#undef API
#undef GROUP
#undef PROJECT
}

}  // namespace pilothouse::gitlab
