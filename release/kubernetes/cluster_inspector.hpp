// Adapter of the inspector: asks the API server itself.
#pragma once

#include "base/blocking_pool.hpp"
#include "client/off_switch.hpp"
#include "release/inspector.hpp"
#include "release/kubernetes/api_client.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pilothouse::release::kubernetes {

// Each call connects anew and keeps nothing. Failures: errc::unavailable: not reached, or not in
// time; errc::wrong_state: the certificate is not trusted, or the credentials are not taken;
// errc::denied.
class cluster_inspector final : public inspector {
public:
    // The pool, which outlives it, reads manifests.
    explicit cluster_inspector(blocking_pool& comparing, time_limits limits = {})
        : comparing_(comparing), limits_(limits) {}

    void stop() noexcept override { off_->press(); }
    [[nodiscard]] task<result<std::string>> version(cluster_access access,
                                                    std::chrono::milliseconds at_most) override;
    [[nodiscard]] task<inspection> inspect(cluster_access access, std::string name_space) override;
    [[nodiscard]] task<result<std::vector<object_state>>> unready(
        cluster_access access, std::vector<rendered_object> objects) override;
    [[nodiscard]] task<result<std::vector<object_state>>> drifted(
        cluster_access access, std::vector<rendered_object> objects) override;
    [[nodiscard]] task<result<std::vector<object_state>>> outside(
        cluster_access access, std::string name_space,
        std::vector<rendered_object> objects) override;

private:
    blocking_pool& comparing_;
    time_limits limits_;
    std::shared_ptr<client::off_switch> const off_ = std::make_shared<client::off_switch>();
};

}  // namespace pilothouse::release::kubernetes
