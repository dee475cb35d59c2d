// gRPC's own shape of the services: each call goes over the bridge.
#pragma once

#include "server/grpc/bridge.hpp"
#include "server/grpc/services.hpp"

#include <memory>
#include <vector>

namespace grpc {
class Service;  // NOLINT(readability-identifier-naming): the library's
}

namespace pilothouse::rpc {

// To be registered at a server. The bridge and the services outlive them. A deleter, because only
// the .cpp file knows the type.
using bound_service = std::shared_ptr<::grpc::Service>;
[[nodiscard]] std::vector<bound_service> bind_services(bridge& over, services& all);

}  // namespace pilothouse::rpc
