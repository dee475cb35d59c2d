// Staged files without a disk. Nothing blocks, so nothing suspends.
#pragma once

#include "storage/staging_area.hpp"

#include <memory>

namespace pilothouse::storage::memory {

class memory_staging_area final : public staging_area {
public:
    [[nodiscard]] task<std::unique_ptr<staged_writer>> create() override;
};

}  // namespace pilothouse::storage::memory
