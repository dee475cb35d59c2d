// The folder in which one run of helm is at home, and that goes with it.
#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace pilothouse::release::helm {

// Private (0700) and new. Helm keeps there what it learnt of the cluster's kinds; nothing secret.
class run_folder {
public:
    // Below `root`, which is made where it is missing. `mark`: letters that no former process had.
    // errc::full, errc::unavailable.
    [[nodiscard]] static result<run_folder> make(std::filesystem::path const& root,
                                                 std::string const& mark);
    // Removes those with other marks, which former processes left; again and again, as a child that
    // outlived its server may still write. Another process must not use the root.
    static void clear(std::filesystem::path const& root, std::string const& mark) noexcept;

    run_folder(run_folder&& other) noexcept;
    run_folder& operator=(run_folder&&) = delete;
    ~run_folder();

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }
    // All of a child's environment, made from nothing: Helm's folders are here, it has no plugins,
    // and no variable of ours reaches it (contracts: helm-engine 6).
    [[nodiscard]] std::vector<std::string> environment(std::uint64_t memory_bytes_max) const;

private:
    explicit run_folder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

}  // namespace pilothouse::release::helm
