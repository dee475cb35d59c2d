#include "registry/duplicates_in_force.hpp"

#include "registry/directory_names.hpp"

#include <string>

namespace pilothouse::registry {

bool duplicates_in_force::may_replace(bool prerelease) const noexcept {
    return rule == storage::duplicates_rule::allow ||
           (rule == storage::duplicates_rule::prerelease_only && prerelease);
}

storage::on_duplicate duplicates_in_force::on_duplicate(bool prerelease) const noexcept {
    return may_replace(prerelease) ? storage::on_duplicate::replace : storage::on_duplicate::refuse;
}

std::string duplicates_in_force::words() const {
    return std::string("the ") + (of_channel ? "channel" : "project") +
           "'s setting `duplicates` is `" + std::string(name_of(rule)) + "`";
}

duplicates_in_force rule_in_force(storage::project_record const& project,
                                  std::optional<storage::channel_record> const& channel) {
    if (channel && channel->settings.duplicates) return {*channel->settings.duplicates, true};
    return {project.duplicates, false};
}

}  // namespace pilothouse::registry
