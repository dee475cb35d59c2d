#include "server/grpc/api_endpoint_service.hpp"

#include "server/grpc/words.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pilothouse::rpc {

namespace {

constexpr std::array<std::string_view, 4> ids = {"endpoint", "iam", "managed-kubernetes",
                                                 "operation"};

}  // namespace

void api_endpoint_service::announce(std::string address) {
    std::lock_guard const lock(mutex_);
    address_ = std::move(address);
}

std::string api_endpoint_service::address() const {
    std::lock_guard const lock(mutex_);
    return address_;
}

task<answer<endpoints::ApiEndpoint>> api_endpoint_service::get(
    call const&, endpoints::GetApiEndpointRequest asked) {
    if (auto const ok = require("api_endpoint_id", asked.api_endpoint_id()); !ok)
        co_return ok.error();
    if (std::ranges::find(ids, asked.api_endpoint_id()) == ids.end())
        co_return refusal(code::not_found, "there is no such service here");
    endpoints::ApiEndpoint found;
    found.set_id(asked.api_endpoint_id());
    found.set_address(address());
    co_return found;
}

task<answer<endpoints::ListApiEndpointsResponse>> api_endpoint_service::list(
    call const&, endpoints::ListApiEndpointsRequest) {
    endpoints::ListApiEndpointsResponse all;
    for (auto const id : ids) {
        auto& one = *all.add_endpoints();
        one.set_id(std::string(id));
        one.set_address(address());
    }
    co_return all;
}

}  // namespace pilothouse::rpc
