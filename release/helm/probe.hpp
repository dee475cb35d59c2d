// Which helm there is.
#pragma once

#include "base/result.hpp"
#include "release/engine.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::release::helm {

// `v4.2.4`, or `v3.21` of a build without version flags. nullopt: neither.
[[nodiscard]] std::optional<engine_version> parse_version(std::string_view text);

// Whether we know how to drive it: Helm 3 from 3.13 on, which marks revisions with labels, and
// Helm 4. errc::unavailable, with what to do.
[[nodiscard]] result<void> check_version(engine_version const& version);

// The program: `configured`, or the `helm` that is found first in the folders of `path` (the
// variable PATH). errc::unavailable: there is none, and how to get one.
[[nodiscard]] result<std::filesystem::path> find_helm(std::filesystem::path const& configured,
                                                      std::string_view path);

// What the program said of its version, remembered as long as it is the same file. Thread-safe.
class probe {
public:
    // Runs the program with these arguments, and returns what it writes.
    using runner = std::function<result<std::string>(std::filesystem::path const&)>;

    struct found {
        std::filesystem::path program;
        engine_version version;
    };

    probe(std::filesystem::path configured, runner ask)
        : configured_(std::move(configured)), ask_(std::move(ask)) {}

    // errc::unavailable: there is no helm, or one that cannot be used, and how to get one. That is
    // not remembered: the next call looks again; but after a program that hung not at once.
    [[nodiscard]] result<found> look();

private:
    std::filesystem::path configured_;
    runner ask_;
    std::mutex mutex_;
    std::optional<found> known_;
    std::string seen_;  // what told that file from others
    std::optional<failure> hung_;
    std::chrono::steady_clock::time_point ask_again_;
};

}  // namespace pilothouse::release::helm
