// The services, whichever door calls them.
#pragma once

#include "server/grpc/api_endpoint_service.hpp"
#include "server/grpc/helm_release_service.hpp"
#include "server/grpc/iam_token_service.hpp"
#include "server/grpc/operation_service.hpp"

#include <string>
#include <utility>

namespace pilothouse::rpc {

// Thread-safe.
struct services {
    // `address`: host:port as clients reach the gRPC door.
    services(release_uses const& releases_of, token_uses const& tokens_of, std::string address)
        : releases(releases_of),
          operations(releases_of),
          endpoints(std::move(address)),
          tokens(tokens_of) {}

    helm_release_service releases;
    operation_service operations;
    api_endpoint_service endpoints;
    iam_token_service tokens;
};

}  // namespace pilothouse::rpc
