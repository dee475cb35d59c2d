// What becomes of other content under a published version: what the channel says, else its project.
#pragma once

#include "base/result.hpp"
#include "storage/catalogue.hpp"
#include "storage/channel_store.hpp"
#include "storage/directory.hpp"

#include <optional>

namespace pilothouse::registry {

struct duplicates_in_force {
    storage::duplicates_rule rule = storage::duplicates_rule::refuse;
    bool of_channel = false;  // who set it

    // May a published version, and what is signed of it, be replaced?
    [[nodiscard]] bool may_replace(bool prerelease) const noexcept;
    [[nodiscard]] storage::on_duplicate on_duplicate(bool prerelease) const noexcept;
    // "the project's setting `duplicates` is `refuse`"
    [[nodiscard]] std::string words() const;
};

[[nodiscard]] duplicates_in_force rule_in_force(
    storage::project_record const& project, std::optional<storage::channel_record> const& channel);

}  // namespace pilothouse::registry
