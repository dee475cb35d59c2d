// Blobs without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <memory>
#include <vector>

namespace pilothouse::storage::memory {

class memory_blob_store final : public blob_store {
public:
    explicit memory_blob_store(memory_state& state) : state_(state) {}
    // Takes files of any staging area.
    [[nodiscard]] task<void> put(staged_file file) override;
    [[nodiscard]] task<result<std::shared_ptr<blob const>>> open(sha256_digest digest) override;
    [[nodiscard]] task<bool> remove(sha256_digest digest) override;
    [[nodiscard]] task<std::vector<blob_info>> list() override;

private:
    memory_state& state_;
};

}  // namespace pilothouse::storage::memory
