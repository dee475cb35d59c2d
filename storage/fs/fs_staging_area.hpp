// Uploads under way, as files in the staging folder.
#pragma once

#include "base/blocking_pool.hpp"
#include "storage/fs/layout.hpp"
#include "storage/staging_area.hpp"

#include <memory>

namespace pilothouse::storage::fs {

// Thread-safe; each writer belongs to one coroutine. A write that fails for lack of room leaves the
// writer good for nothing but being dropped.
class fs_staging_area final : public staging_area {
public:
    fs_staging_area(layout where, blocking_pool& files) : where_(std::move(where)), files_(files) {}

    [[nodiscard]] task<std::unique_ptr<staged_writer>> create() override;

private:
    layout where_;
    blocking_pool& files_;
};

}  // namespace pilothouse::storage::fs
