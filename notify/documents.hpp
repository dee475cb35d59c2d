// What webhooks are told: one JSON document for each thing that happened.
#pragma once

#include "auth/grant.hpp"
#include "base/clock.hpp"
#include "storage/catalogue.hpp"
#include "storage/curator.hpp"
#include "storage/operation_log.hpp"
#include "storage/webhook_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::notify {

// `{"type": …, "timestamp": …, "data": {…}}`. The words of the fields are in docs/HTTP-API.md.
[[nodiscard]] storage::announcement chart_pushed(auth::grant const& g, std::string_view channel,
                                                 storage::added const& done, instant now);
// Into the grant's project. At most a hundred versions are named; all are counted.
[[nodiscard]] storage::announcement charts_promoted(auth::grant const& g,
                                                    storage::copy_request const& asked,
                                                    std::vector<storage::added> const& done);
// What came through the deploy API.
struct told_deployment {
    std::string id;  // UUIDs
    std::string service, service_name;
    std::string environment, environment_name;
};
// Of an operation that is done.
[[nodiscard]] std::string deployment_ended(storage::operation_record const& done,
                                           std::optional<told_deployment> const& through);
// Of nothing that happened, and says so.
[[nodiscard]] std::string test_document(storage::occasion what,
                                        storage::project_record const& project, instant now);

}  // namespace pilothouse::notify
