// What every store of environments, services and deployments decides alike.
#pragma once

#include "storage/environment_store.hpp"
#include "storage/service_store.hpp"

namespace pilothouse::storage {

// --- the answers

[[nodiscard]] failure no_such_environment();
[[nodiscard]] failure no_such_service();
[[nodiscard]] failure no_such_deployment();
[[nodiscard]] failure environment_name_taken();
[[nodiscard]] failure namespace_taken();
[[nodiscard]] failure service_name_taken();
[[nodiscard]] failure release_name_taken();
[[nodiscard]] failure uuid_taken();
[[nodiscard]] failure services_left();

// --- records: as the edit() of their store. A failure changes nothing.

[[nodiscard]] result<void> edit(environment_record& environment,
                                record_change<environment_record> const& change);
[[nodiscard]] result<void> edit(service_record& service,
                                record_change<service_record> const& change);
[[nodiscard]] result<void> edit(deployment_record& deployment,
                                record_change<deployment_record> const& change);

}  // namespace pilothouse::storage
