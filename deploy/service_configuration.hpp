// How a Helm service is to be deployed: its document, judged (contracts: releases 3.1).
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "release/user_values.hpp"
#include "storage/operation_log.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::deploy {

inline constexpr std::size_t values_bytes_max = 512 * 1024;  // in all of one service

struct values_override {
    using pair = std::pair<std::string, secret>;
    struct file {
        std::string name;
        secret content;
    };
    std::vector<file> files;  // YAML; the later over the earlier
    // Over the files, the later kind over the earlier.
    std::vector<pair> set, set_string, set_json;
};

struct service_configuration {
    std::string name, description, icon;
    std::string repository;      // a channel's UUID
    std::string chart, version;  // one, or a range of them (chart/version_range.hpp): the newest
    std::vector<std::string> arguments;
    values_override values;
    std::chrono::seconds timeout{600};
    bool auto_deploy = false, auto_preview = false;
    bool allow_cluster_wide = false;
};

// From the API's HelmRequest, JSON; what it has besides is not read. errc::invalid_argument: what
// is missing, of another type or beyond a limit, a Git repository, an argument outside the list;
// the sentence names the place, never a value.
[[nodiscard]] result<service_configuration> read_configuration(secret const& document);
// What read_configuration() reads as the same.
[[nodiscard]] secret configuration_text(service_configuration const& c);

// How Helm is to do it. Understood are --wait, --wait-for-jobs, --atomic, --rollback-on-failure,
// --no-hooks, --force, --force-conflicts and --timeout; those that change nothing here (--debug,
// --cleanup-on-fail, --create-namespace, --install, --history-max …) are taken and dropped.
// errc::invalid_argument names what is not on the list (contracts: releases 5.5).
[[nodiscard]] result<storage::operation_options> options_of(service_configuration const& c);

// Whether Helm's --set and --set-string would take the pairs. errc::invalid_argument: a list
// without its end, a comma behind which no other pair stands; the sentence names the key.
[[nodiscard]] result<void> check_pairs(values_override const& v);
// One document of values by the order files, set, set_string, set_json; texts of `set` have types
// as Helm's --set gives them, and one text may hold several pairs, as there.
[[nodiscard]] release::values_given values_of(values_override const& v);

[[nodiscard]] std::string configuration_purpose(std::string_view service);  // of its UUID

}  // namespace pilothouse::deploy
