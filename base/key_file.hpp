// The file of keys that secrets are sealed with (base/sealing.hpp tells its form).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse {

inline constexpr std::size_t sealing_key_bytes = 32;
inline constexpr std::size_t key_name_max = 32;

struct named_key {
    std::string name;
    secret bytes;
};

[[nodiscard]] named_key fresh_key();

// All of these block, and fail with errc::unavailable: the file, why, and what to do.
//
// Never empty; nullopt: there is no file.
[[nodiscard]] result<std::optional<std::vector<named_key>>> load_keys(
    std::filesystem::path const& file);
// With rights 0600, durable. False: meanwhile there is one.
[[nodiscard]] result<bool> make_key_file(std::filesystem::path const& file,
                                         std::vector<named_key> const& keys);
// In the place of what is there: after a crash it is the old one or the new one, whole.
[[nodiscard]] result<void> replace_key_file(std::filesystem::path const& file,
                                            std::vector<named_key> const& keys);

[[nodiscard]] failure key_file_unusable(std::filesystem::path const& file, std::string const& why);

}  // namespace pilothouse
