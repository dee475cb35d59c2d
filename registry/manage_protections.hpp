// Which charts of a project take more than the usual role.
#pragma once

#include "auth/auditor.hpp"
#include "auth/grant.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "storage/catalogue.hpp"
#include "storage/directory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::registry {

// What is to change; empty: stays.
struct protection_changes {
    std::optional<std::string> pattern;
    std::optional<storage::role> push;
    std::optional<storage::role> remove;
};

// Thread-safe. The project is the grant's; needs edit_project.
class manage_protections {
public:
    manage_protections(storage::protection_store& rules, auth::auditor& audit)
        : rules_(rules), audit_(audit) {}

    // errc::invalid_argument: no pattern, more than 255 bytes, or no role at all; errc::conflict:
    // the pattern has its rule already.
    [[nodiscard]] task<result<storage::protection_rule>> add(auth::grant const& g,
                                                             storage::protection_rule rule);
    // As above of what comes of it, and errc::not_found; of two at once, each changes what it
    // names.
    [[nodiscard]] task<result<storage::protection_rule>> edit(auth::grant const& g,
                                                              storage::protection_id id,
                                                              protection_changes changes);
    [[nodiscard]] task<result<void>> remove(auth::grant const& g, storage::protection_id id);

private:
    storage::protection_store& rules_;
    auth::auditor& audit_;
};

// `*` stands for any run of characters, also none; letter case does not count.
[[nodiscard]] bool fits_pattern(std::string_view name, std::string_view pattern) noexcept;

// The role that the rules of a project ask of who pushes, or removes, a chart of this name;
// role::none where none does. Of several the highest.
[[nodiscard]] storage::role role_to_push(storage::project_record const& project,
                                         std::string_view chart) noexcept;
[[nodiscard]] storage::role role_to_remove(storage::project_record const& project,
                                           std::string_view chart) noexcept;

// errc::denied where a rule asks for more than the caller has. A deploy token has no role here
// (contracts: gitlab P13); administrators and the command line have all.
[[nodiscard]] result<void> check_push(auth::grant const& g, std::string_view chart);
[[nodiscard]] result<void> check_removal(auth::grant const& g, std::string_view chart);

// The same of the charts of many versions, which come in the order of the index. The failure names
// the first that is kept from the caller.
[[nodiscard]] result<void> check_push(auth::grant const& g,
                                      std::vector<storage::catalogue_entry> const& versions);
[[nodiscard]] result<void> check_removal(auth::grant const& g,
                                         std::vector<storage::catalogue_entry> const& versions);

}  // namespace pilothouse::registry
