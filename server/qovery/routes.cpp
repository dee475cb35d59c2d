// Qovery's API of Helm services, on one screen (contracts: releases 3.1). Whoever calls is
// somebody; what else he needs the handlers ask for, by what a UUID names.
#include "server/qovery/routes.hpp"

#include "server/qovery/environment_handlers.hpp"
#include "server/qovery/history_handlers.hpp"
#include "server/qovery/place_handlers.hpp"
#include "server/qovery/request.hpp"
#include "server/qovery/service_handlers.hpp"
#include "server/qovery/words.hpp"

#include <memory>

namespace pilothouse::qovery {

http::door deploy_door(deploy_uses uses) {
    using http::body_rule;
    using http::method;
    constexpr auto known = auth::permission::be_somebody;
    constexpr auto none = body_rule::none;
    constexpr auto doc = body_rule::document;
    // A malformed UUID: 400 where clients know that status, else 404 (contracts: releases 3.1).
    constexpr auto must = uuids_or_invalid;
    constexpr auto may = uuids_or_not_found;
    using places = place_handlers;
    using environments = environment_handlers;
    using services = service_handlers;
    using histories = history_handlers;
    static words const qovery_words;

    auto const p = std::make_shared<places>(uses);
    auto const e = std::make_shared<environments>(uses);
    auto const s = std::make_shared<services>(uses);
    auto const h = std::make_shared<histories>(uses);

#define TOP "/api/deploy/"
#define ORG "/api/deploy/organization/{organization}"
#define PROJ "/api/deploy/project/{project_id}"
#define ENV "/api/deploy/environment/{environment}"
#define HELM "/api/deploy/helm/{helm}"
    // clang-format off
    return {"/api/deploy/", &qovery_words, {
        // verb           pattern                                 right  body  check handler
        {method::get,     TOP "organization",                     known, none, may,  calling(p, &places::organizations)},
        {method::get,     ORG "/project",                         known, none, may,  calling(p, &places::projects)},
        {method::get,     ORG "/cluster",                         known, none, may,  calling(p, &places::clusters)},
        {method::get,     ORG "/helmRepository",                  known, none, may,  calling(p, &places::repositories)},
        {method::get,     TOP "availableHelmRepository",          known, none, may,  calling(p, &places::repository_kinds)},
        {method::get,     PROJ "/environment",                    known, none, may,  calling(e, &environments::list)},
        {method::post,    PROJ "/environment",                    known, doc,  must, calling(e, &environments::create)},
        {method::get,     ENV "",                                 known, none, may,  calling(e, &environments::show)},
        {method::put,     ENV "",                                 known, doc,  must, calling(e, &environments::edit)},
        {method::delete_, ENV "",                                 known, none, may,  calling(e, &environments::remove)},
        {method::get,     ENV "/status",                          known, none, may,  calling(e, &environments::status)},
        {method::get,     ENV "/statuses",                        known, none, may,  calling(e, &environments::statuses)},
        {method::post,    ENV "/deploy",                          known, none, may,  calling(e, &environments::deploy)},
        {method::post,    ENV "/stop",                            known, none, may,  calling(e, &environments::stop)},
        {method::post,    ENV "/uninstall",                       known, none, may,  calling(e, &environments::uninstall)},
        {method::post,    ENV "/cancelDeployment",                known, doc,  must, calling(e, &environments::cancel)},
        {method::post,    ENV "/service/deploy",                  known, doc,  must, calling(e, &environments::deploy_some)},
        {method::post,    ENV "/service/stop",                    known, doc,  must, calling(e, &environments::stop_some)},
        {method::post,    ENV "/service/uninstall",               known, doc,  must, calling(e, &environments::uninstall_some)},
        {method::post,    ENV "/service/delete",                  known, doc,  must, calling(e, &environments::remove_some)},
        {method::get,     ENV "/deploymentHistory",               known, none, may,  calling(h, &histories::of_environment)},
        {method::get,     ENV "/deploymentHistoryV2",             known, none, may,  calling(h, &histories::of_environment_v2)},
        {method::get,     ENV "/helm",                            known, none, may,  calling(s, &services::list)},
        {method::post,    ENV "/helm",                            known, doc,  must, calling(s, &services::create)},
        {method::get,     ENV "/helm/status",                     known, none, may,  calling(s, &services::statuses)},
        {method::get,     HELM "",                                known, none, may,  calling(s, &services::show)},
        {method::put,     HELM "",                                known, doc,  must, calling(s, &services::edit)},
        {method::delete_, HELM "",                                known, none, may,  calling(s, &services::remove)},
        {method::get,     HELM "/status",                         known, none, may,  calling(s, &services::status)},
        {method::post,    HELM "/deploy",                         known, doc,  must, calling(s, &services::deploy)},
        {method::post,    HELM "/redeploy",                       known, none, may,  calling(s, &services::redeploy)},
        {method::post,    HELM "/stop",                           known, none, may,  calling(s, &services::stop)},
        {method::post,    HELM "/restart",                        known, none, may,  calling(s, &services::restart)},
        {method::post,    HELM "/uninstall",                      known, none, must, calling(s, &services::uninstall)},
        {method::get,     HELM "/deploymentHistory",              known, none, may,  calling(h, &histories::of_service)},
        {method::get,     HELM "/deploymentHistoryV2",            known, none, may,  calling(h, &histories::of_service_v2)},
        {method::get,     HELM "/deployment/{deployment}/diff",   known, none, may,  calling(h, &histories::difference)},
        {method::post,    TOP "deploymentQueue/{deployment}/cancelDeployment",
                                                                  known, none, may,  calling(s, &services::cancel)},
    }};
    // clang-format on
#undef TOP
#undef ORG
#undef PROJ
#undef ENV
#undef HELM
}

}  // namespace pilothouse::qovery
