// What is stored, as the JSON that programs get (contracts: settled 13).
#pragma once

#include "auth/token_issuer.hpp"
#include "registry/collect_garbage.hpp"
#include "registry/promote_charts.hpp"
#include "registry/retention.hpp"
#include "storage/audit_log.hpp"
#include "storage/catalogue.hpp"
#include "storage/directory.hpp"
#include "storage/package_store.hpp"
#include "storage/token_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::cli {

// A token with what its numbers stand for; empty: nothing, or gone.
struct told_token {
    storage::token_record token;
    std::string user;
    std::string place;                       // path of its project or group
    std::optional<storage::role> role = {};  // of an access token
};

// One object each, on one line, without a line feed. Times are RFC 3339; what is not known is null.
[[nodiscard]] std::string to_json(storage::user_record const& user);
[[nodiscard]] std::string to_json(storage::project_record const& project);
// With what it holds and may hold; a limit of null: none.
[[nodiscard]] std::string to_json(storage::project_record const& project,
                                  storage::quota_state const& quota);
[[nodiscard]] std::string to_json(storage::group_record const& group);
[[nodiscard]] std::string to_json(storage::package_record const& package);
// With its files.
[[nodiscard]] std::string to_json(storage::package_record const& package,
                                  std::vector<storage::package_file> const& files);
[[nodiscard]] std::string to_json(storage::protection_rule const& rule);
[[nodiscard]] std::string to_json(storage::audit_event const& event);
[[nodiscard]] std::string to_json(storage::member_record const& member);
[[nodiscard]] std::string to_json(storage::token_record const& token);  // without its text
// With it; with the role of an access token.
[[nodiscard]] std::string to_json(auth::issued_token const& token,
                                  std::optional<storage::role> role = std::nullopt);
[[nodiscard]] std::string to_json(told_token const& token);
[[nodiscard]] std::string to_json(storage::channel_record const& channel);
[[nodiscard]] std::string to_json(storage::catalogue_entry const& version);
// With the number of its package.
[[nodiscard]] std::string to_json(storage::catalogue_entry const& version,
                                  storage::package_id package);
[[nodiscard]] std::string to_json(storage::added const& version);            // with the outcome
[[nodiscard]] std::string to_json(registry::doomed_version const& version);  // with the reason
[[nodiscard]] std::string to_json(registry::collected const& done, bool dry_run);
[[nodiscard]] std::string to_json(
    std::vector<std::pair<std::string_view, std::uint64_t>> const& settings);

// What everybody may know of everybody: no address, nor who administers.
[[nodiscard]] std::string to_public_json(storage::user_record const& user);
[[nodiscard]] std::string to_public_json(std::vector<storage::user_record> const& users);

// An array of such objects.
template <class Record>
[[nodiscard]] std::string to_json(std::vector<Record> const& records) {
    std::string text = "[";
    for (Record const& r : records) {
        if (text.size() > 1) text += ",\n ";
        text += to_json(r);
    }
    return text + "]";
}

}  // namespace pilothouse::cli
