#include "deploy/sealed_configurations.hpp"

#include "deploy/service_configuration.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pilothouse::deploy {

using storage::service_record;

task<std::vector<service_record>> sealed_configurations::all() {
    std::vector<service_record> found;
    auto const projects = co_await parts_.projects.list();
    for (auto const& project : projects) {
        auto const environments = co_await parts_.environments.list(project.id);
        for (auto const& environment : environments) {
            auto services = co_await parts_.services.list(environment.id);
            std::ranges::move(services, std::back_inserter(found));
        }
    }
    co_return found;
}

task<bool> sealed_configurations::are_current() {
    auto const services = co_await all();
    co_return std::ranges::all_of(services, [this](service_record const& s) {
        return parts_.below.keys.is_current(s.sealed_configuration);
    });
}

task<result<std::size_t>> sealed_configurations::seal_anew() {
    std::size_t count = 0;
    auto const services = co_await all();
    for (auto const& service : services) {
        storage::record_change<service_record> const change =
            [this](service_record& s) -> result<void> {
            auto const purpose = configuration_purpose(s.uuid);
            PILOTHOUSE_TRY(auto const plain,
                           parts_.below.keys.open(s.sealed_configuration, purpose));
            s.sealed_configuration = parts_.below.keys.seal(plain, purpose);
            return {};
        };
        auto const sealed = co_await parts_.services.edit(service.id, change);
        if (!sealed && sealed.error().code != errc::not_found) co_return sealed.error();
        ++count;
    }
    co_return count;
}

}  // namespace pilothouse::deploy
