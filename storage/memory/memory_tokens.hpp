// Tokens without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <vector>

namespace pilothouse::storage::memory {

class memory_tokens final : public token_store {
public:
    explicit memory_tokens(memory_state& state) : state_(state) {}
    [[nodiscard]] task<result<token_record>> add(token_record token) override;
    [[nodiscard]] task<result<token_record>> find(sha256_digest hash) override;
    [[nodiscard]] task<result<token_record>> find(token_id id) override;
    [[nodiscard]] task<std::vector<token_record>> list(token_filter filter) override;
    [[nodiscard]] task<result<token_record>> revoke(token_id id) override;
    [[nodiscard]] task<result<token_record>> replace(token_id old, token_record fresh) override;
    [[nodiscard]] task<void> touch(token_id id, instant used) override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
