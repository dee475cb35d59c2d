#include "deploy/begun_operation.hpp"

#include "base/sha256.hpp"
#include "deploy/order.hpp"
#include "deploy/service_configuration.hpp"

#include <cstddef>
#include <utility>

namespace pilothouse::deploy {

namespace {

using storage::deployment_kind;
using storage::deployment_record;
using storage::operation_record;
using storage::service_record;

}  // namespace

bool is_noted(deployment_record const& d, operation_record const& operation,
              service_record const& service) {
    return d.kind != deployment_kind::deploy ||
           (service.release == operation.release && d.configuration <= service.configuration);
}

std::string operation_of(std::string_view deployment) {
    constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    constexpr std::size_t count = 19;  // some 98 bits: that two are alike is nobody's worry
    auto const digest = sha256(deployment);
    std::string id = "o";
    for (auto const byte : digest.bytes().substr(0, count))
        id += digits[static_cast<unsigned char>(byte) % digits.size()];
    return id;
}

task<result<noted_deploy>> note_deploy(deploy_parts const& parts, storage::service_id service,
                                       begun_deploy begun) {
    noted_deploy noted;
    auto const change = [&](service_record& s) -> result<void> {
        if (s.release != begun.release) s.deployed = s.deployed_revision = 0;
        s.release = begun.release;
        noted.configuration = begun.configuration;
        if (!begun.pins || s.configuration != begun.configuration) return {};
        auto const purpose = configuration_purpose(s.uuid);
        PILOTHOUSE_TRY(auto const old, parts.below.keys.open(s.sealed_configuration, purpose));
        PILOTHOUSE_TRY(auto configured, read_configuration(old));
        configured.version = begun.version;
        noted.configuration = ++s.configuration;
        s.sealed_configuration = parts.below.keys.seal(configuration_text(configured), purpose);
        s.updated = parts.below.time.now();
        return {};
    };
    PILOTHOUSE_CO_TRY(noted.service, co_await parts.services.edit(service, change));
    co_return noted;
}

task<result<void>> catch_up(deploy_parts const& parts, deployment_record const& d,
                            operation_record const& operation, service_record& service) {
    if (is_noted(d, operation, service)) co_return result<void>();
    bool const pins = d.configuration > service.configuration;
    begun_deploy begun{operation.release, d.configuration - (pins ? 1 : 0), pins, d.version};
    PILOTHOUSE_CO_TRY(auto noted, co_await note_deploy(parts, service.id, std::move(begun)));
    service = std::move(noted.service);
    co_return result<void>();
}

task<result<void>> join(deploy_parts const& parts, deployment_record& d,
                        operation_record const& operation, service_record& service) {
    PILOTHOUSE_CO_TRY(auto const configured, configuration_of(parts, service));
    begun_deploy begun{operation.release, service.configuration, pins(configured, d.version),
                       d.version};
    PILOTHOUSE_CO_TRY(auto noted, co_await note_deploy(parts, service.id, std::move(begun)));
    service = std::move(noted.service);
    auto const change = [&](deployment_record& to) -> result<void> {
        if (to.outcome != storage::deployment_outcome::none)
            return failure(errc::wrong_state, "this deployment was given up");
        if (!to.operation.empty()) return {};  // whoever began it was through meanwhile
        to.operation = operation.id;
        to.configuration = noted.configuration;
        if (operation.source) to.version = operation.source->version;
        return {};
    };
    PILOTHOUSE_CO_TRY(d, co_await parts.deployments.edit(d.uuid, change));
    co_return result<void>();
}

task<result<void>> end_never_begun(deploy_parts const& parts, deployment_record const& d) {
    auto const change = [&](deployment_record& to) -> result<void> {
        if (to.outcome != storage::deployment_outcome::none) return {};
        to.operation.clear();
        to.finished = parts.below.time.now();
        to.outcome = storage::deployment_outcome::error;
        to.message = "it never began, as far as is known: the server went down before; ask again";
        return {};
    };
    auto const edited = co_await parts.deployments.edit(d.uuid, change);
    if (!edited && edited.error().code != errc::not_found) co_return edited.error();
    co_return result<void>();
}

}  // namespace pilothouse::deploy
