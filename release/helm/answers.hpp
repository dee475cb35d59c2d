// What helm answers in JSON, as values of ours.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "release/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::release::helm {

// Each takes the whole answer. errc::broken: it is none that Helm gives (contracts: helm-engine 2).

[[nodiscard]] result<std::vector<revision>> read_history(std::string_view answer);
[[nodiscard]] result<std::vector<listed_release>> read_list(std::string_view answer);
// As it came, where it is an object; `null` is an empty one.
[[nodiscard]] result<secret> read_values(std::string_view answer);

// Of a dry run: what it would apply, and the hooks.
struct rendering {
    std::string manifest;
    std::vector<std::string> hooks;
};
[[nodiscard]] result<rendering> read_rendering(std::string_view answer);

}  // namespace pilothouse::release::helm
