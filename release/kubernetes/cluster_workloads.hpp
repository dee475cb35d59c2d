// Adapter of the workloads: patches them on the API server itself.
#pragma once

#include "client/off_switch.hpp"
#include "release/kubernetes/api_client.hpp"
#include "release/workloads.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace pilothouse::release::kubernetes {

// Each call connects anew and keeps nothing. What it changes is the field manager's `pilothouse`.
class cluster_workloads final : public workloads {
public:
    explicit cluster_workloads(time_limits limits = {}) : limits_(limits) {}

    void stop_asking() noexcept override { off_->press(); }
    [[nodiscard]] task<result<scaling>> scale_down(cluster_access access,
                                                   rendered_object object) override;
    [[nodiscard]] task<result<scaling>> scale_back(cluster_access access,
                                                   rendered_object object) override;
    [[nodiscard]] task<result<scaling>> restart(cluster_access access, rendered_object object,
                                                std::string mark) override;
    [[nodiscard]] task<result<std::size_t>> count_pods(cluster_access access,
                                                       rendered_object object) override;

private:
    time_limits limits_;
    std::shared_ptr<client::off_switch> const off_ = std::make_shared<client::off_switch>();
};

}  // namespace pilothouse::release::kubernetes
