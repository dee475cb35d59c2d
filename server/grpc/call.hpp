// What a method knows of a call besides its request, whichever door it came by.
#pragma once

#include "auth/principal.hpp"
#include "server/grpc/status.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pilothouse::rpc {

struct call {
    std::shared_ptr<auth::principal const> who;  // anonymous where the method is open
    std::string from;                            // the client's address
    std::string once;                            // `idempotency-key`; empty: none
};

// A method, as the wire names it.
struct method {
    std::string_view name;
    bool open = false;    // works without a token (contracts: releases 1.5)
    bool polled = false;  // its clients give up at INTERNAL: UNAVAILABLE instead

    // What its caller is told where the call ended with this.
    [[nodiscard]] constexpr code told(code c) const noexcept {
        return polled && c == code::internal ? code::unavailable : c;
    }
};

namespace methods {
inline constexpr method list_releases{"/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/List"};
inline constexpr method get_release{"/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/Get"};
inline constexpr method install{"/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/Install"};
inline constexpr method update{"/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/Update"};
inline constexpr method uninstall{"/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/Uninstall"};
inline constexpr method get_operation{.name = "/yandex.cloud.operation.OperationService/Get",
                                      .polled = true};
inline constexpr method cancel_operation{"/yandex.cloud.operation.OperationService/Cancel"};
inline constexpr method get_endpoint{.name = "/yandex.cloud.endpoint.ApiEndpointService/Get",
                                     .open = true};
inline constexpr method list_endpoints{.name = "/yandex.cloud.endpoint.ApiEndpointService/List",
                                       .open = true};
inline constexpr method create_token{.name = "/yandex.cloud.iam.v1.IamTokenService/Create",
                                     .open = true};
}  // namespace methods

}  // namespace pilothouse::rpc
