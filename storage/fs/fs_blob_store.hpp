// Blobs as files, named by their digest.
#pragma once

#include "base/blocking_pool.hpp"
#include "base/clock.hpp"
#include "storage/blob_store.hpp"
#include "storage/fs/layout.hpp"
#include "storage/fs/open_blobs.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <vector>

namespace pilothouse::storage::fs {

// The folder must be open (open_data_folder). A blob's time of storing is its file's time of
// change. A file is believed only after its bytes were hashed: once for as long as it is kept open.
class fs_blob_store final : public blob_store {
public:
    fs_blob_store(layout where, blocking_pool& files, clock const& time);

    // The file must come from an fs_staging_area on the same folder.
    [[nodiscard]] task<void> put(staged_file file) override;
    [[nodiscard]] task<result<std::shared_ptr<blob const>>> open(sha256_digest digest) override;
    [[nodiscard]] task<bool> remove(sha256_digest digest) override;
    [[nodiscard]] task<std::vector<blob_info>> list() override;

private:
    void store(staged_file& file);
    // For a name that is taken, under its guard: a new time, or the file in its place.
    void renew(path const& name, staged_file& file, instant now);
    [[nodiscard]] result<std::shared_ptr<blob const>> load(sha256_digest const& digest);
    [[nodiscard]] bool erase(sha256_digest const& digest);
    [[nodiscard]] std::vector<blob_info> walk() const;
    [[nodiscard]] std::mutex& guard_of(sha256_digest const& digest);

    layout where_;
    blocking_pool& files_;
    clock const& time_;
    open_blobs kept_;
    std::array<std::mutex, 256> guards_;  // one for the names in each folder of blobs
};

}  // namespace pilothouse::storage::fs
