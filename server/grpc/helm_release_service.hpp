// HelmReleaseService: charts in clusters (contracts: releases 1).
#pragma once

#include "base/task.hpp"
#include "server/grpc/call.hpp"
#include "server/grpc/release_uses.hpp"
#include "server/grpc/status.hpp"

#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.pb.h>

namespace pilothouse::rpc {

namespace marketplace = ::yandex::cloud::k8s::marketplace::v1;
using ::yandex::cloud::operation::Operation;

// Thread-safe. Every call goes the same way: words in, a grant, the use case, words out.
class helm_release_service {
public:
    explicit helm_release_service(release_uses const& uses) : uses_(uses) {}

    [[nodiscard]] task<answer<marketplace::ListHelmReleasesResponse>> list(
        call const& c, marketplace::ListHelmReleasesRequest asked);
    [[nodiscard]] task<answer<marketplace::HelmRelease>> get(
        call const& c, marketplace::GetHelmReleaseRequest asked);
    [[nodiscard]] task<answer<Operation>> install(call const& c,
                                                  marketplace::InstallHelmReleaseRequest asked);
    [[nodiscard]] task<answer<Operation>> update(call const& c,
                                                 marketplace::UpdateHelmReleaseRequest asked);
    [[nodiscard]] task<answer<Operation>> uninstall(call const& c,
                                                    marketplace::UninstallHelmReleaseRequest asked);

private:
    release_uses uses_;
};

}  // namespace pilothouse::rpc
