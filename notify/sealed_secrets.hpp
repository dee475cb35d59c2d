// The secrets of all webhooks, when the key that seals them changes.
#pragma once

#include "base/sealed_texts.hpp"
#include "base/sealing.hpp"
#include "storage/webhook_store.hpp"

namespace pilothouse::notify {

class sealed_secrets final : public sealed_texts {
public:
    // Both outlive it.
    sealed_secrets(storage::webhook_store& hooks, key_ring const& keys)
        : hooks_(hooks), keys_(keys) {}

    [[nodiscard]] task<bool> are_current() override;
    [[nodiscard]] task<result<std::size_t>> seal_anew() override;

private:
    storage::webhook_store& hooks_;
    key_ring const& keys_;
};

}  // namespace pilothouse::notify
