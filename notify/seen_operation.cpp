#include "notify/seen_operation.hpp"

#include "auth/principal.hpp"
#include "notify/documents.hpp"

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace pilothouse::notify {

namespace {

using storage::webhook_record;

// What another try may find otherwise must not decide.
void throw_unless(std::initializer_list<errc> expected, failure const& why) {
    if (std::ranges::find(expected, why.code) == expected.end())
        throw std::runtime_error(why.detail + " " + why.cause);
}

// As whom the webhook sees; null: as nobody.
task<std::shared_ptr<auth::principal const>> eyes_of(delivery_parts const& parts,
                                                     webhook_record const& hook) {
    if (hook.by_operator) co_return auth::local_operator();
    auto const user = co_await parts.users.find(hook.creator);
    if (!user) throw_unless({errc::not_found}, user.error());
    if (!user || user->blocked) co_return nullptr;
    auto who = std::make_shared<auth::principal>();
    who->what = auth::principal::kind::user;
    who->user = user->id;
    who->name = user->username;
    who->admin = user->admin;
    who->scopes = auth::scope::api;
    co_return who;
}

using viewer = std::shared_ptr<auth::principal const>;

// Where it came through the deploy API, and whoever is told may see its environment.
task<std::optional<told_deployment>> deployment_of(delivery_parts const& parts,
                                                   std::string operation, viewer who) {
    auto const d = co_await parts.deployments.of_operation(std::move(operation));
    if (!d) throw_unless({errc::not_found}, d.error());
    if (!d) co_return std::nullopt;
    auto const service = co_await parts.services.find(d->service);
    if (!service) throw_unless({errc::not_found}, service.error());
    if (!service) co_return std::nullopt;
    auto const environment = co_await parts.environments.find(service->environment);
    if (!environment) throw_unless({errc::not_found}, environment.error());
    if (!environment) co_return std::nullopt;
    auto const right = co_await parts.policy.authorize(
        std::move(who), auth::permission::read_project, environment->project);
    if (right)
        co_return told_deployment{d->uuid, service->uuid, service->name, environment->uuid,
                                  environment->name};
    throw_unless({errc::not_found, errc::denied, errc::insufficient_scope, errc::unauthenticated},
                 right.error());
    co_return std::nullopt;
}

}  // namespace

task<std::string> document_of(delivery_parts const& parts, std::string operation,
                              webhook_record hook) {
    auto const ended = co_await parts.operations.find(std::move(operation));
    if (!ended) throw_unless({errc::not_found}, ended.error());
    if (!ended) co_return std::string();
    auto const who = co_await eyes_of(parts, hook);
    if (!who) co_return std::string();
    auto const right = co_await parts.policy.authorize_on_cluster(
        who, auth::permission::see_cluster, ended->cluster);
    if (!right) {
        throw_unless({errc::not_found, errc::denied, errc::insufficient_scope}, right.error());
        co_return std::string();
    }
    auto const through = co_await deployment_of(parts, ended->id, who);
    co_return deployment_ended(*ended, through);
}

}  // namespace pilothouse::notify
