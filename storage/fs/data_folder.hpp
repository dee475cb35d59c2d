// Makes a data folder ready for use, new or old.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/fs/folder_lock.hpp"
#include "storage/fs/layout.hpp"

#include <cstdint>

namespace pilothouse::storage::fs {

// The form of data folder that this program writes; it reads no higher one.
inline constexpr int folder_form = 1;

// Creates what is missing, locks the folder, checks its form, removes what an ended process left in
// staging. Blocks. errc::locked; errc::unavailable: a newer form, or none that we know; a link
// or a file where one of its folders should be; a folder that holds something and is not ours,
// which is then left as it is. Throws as open_file does, and std::filesystem::filesystem_error.
[[nodiscard]] result<folder_lock> open_data_folder(layout const& where, instant now);

// What open_data_folder() would have against the folder, as far as a look tells; makes and changes
// nothing, and does not mind who has it open. errc::unavailable, with the reason.
[[nodiscard]] result<void> look_at_data_folder(layout const& where);

// What this process may still write there.
[[nodiscard]] std::uint64_t free_bytes(layout const& where);

}  // namespace pilothouse::storage::fs
