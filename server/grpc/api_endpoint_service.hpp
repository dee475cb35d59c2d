// ApiEndpointService: clients ask here where the services are, without a token. All are where this
// one is (contracts: releases 1.1, 2.6).
#pragma once

#include "base/task.hpp"
#include "server/grpc/call.hpp"
#include "server/grpc/status.hpp"

#include <proto/yandex/cloud/endpoint/api_endpoint_service.pb.h>

#include <mutex>
#include <string>
#include <utility>

namespace pilothouse::rpc {

namespace endpoints = ::yandex::cloud::endpoint;

// Thread-safe.
class api_endpoint_service {
public:
    // host:port as clients reach this server. May be said anew, when the port is known.
    explicit api_endpoint_service(std::string address) : address_(std::move(address)) {}
    void announce(std::string address);

    [[nodiscard]] task<answer<endpoints::ApiEndpoint>> get(call const& c,
                                                           endpoints::GetApiEndpointRequest asked);
    // All at once: no client follows a token.
    [[nodiscard]] task<answer<endpoints::ListApiEndpointsResponse>> list(
        call const& c, endpoints::ListApiEndpointsRequest asked);

private:
    [[nodiscard]] std::string address() const;

    mutable std::mutex mutex_;
    std::string address_;
};

}  // namespace pilothouse::rpc
