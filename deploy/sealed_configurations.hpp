// The configurations of all services, when the key that seals them changes.
#pragma once

#include "base/sealed_texts.hpp"
#include "deploy/deploy_parts.hpp"

namespace pilothouse::deploy {

class sealed_configurations final : public sealed_texts {
public:
    explicit sealed_configurations(deploy_parts const& parts) : parts_(parts) {}

    [[nodiscard]] task<bool> are_current() override;
    [[nodiscard]] task<result<std::size_t>> seal_anew() override;

private:
    [[nodiscard]] task<std::vector<storage::service_record>> all();

    deploy_parts const& parts_;
};

}  // namespace pilothouse::deploy
