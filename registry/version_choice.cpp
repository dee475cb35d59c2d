#include "registry/version_choice.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace pilothouse::registry {

namespace {

bool in_range(chart::version_range const& range, std::string const& text) {
    auto const version = chart::chart_version::parse(text);
    return version && range.contains(*version);
}

}  // namespace

result<std::vector<storage::catalogue_entry>> choose(std::vector<storage::catalogue_entry> all,
                                                     version_choice const& choice,
                                                     yanked_versions yanked) {
    if (!choice.versions.empty() && !choice.chart)
        return failure(errc::invalid_argument, "versions are those of a chart: name it");
    if (!choice.versions.empty() && choice.range)
        return failure(errc::invalid_argument, "name versions or a range of them, not both");

    std::set<std::string> missing(choice.versions.begin(), choice.versions.end());
    bool const by_name = !missing.empty();
    auto const not_meant = [&](storage::catalogue_entry const& e) {
        if (choice.chart && e.chart != *choice.chart) return true;
        if (by_name) return missing.erase(e.version) == 0;
        if (e.yanked && yanked == yanked_versions::only_by_name) return true;
        return choice.range && !in_range(*choice.range, e.version);
    };
    std::erase_if(all, not_meant);
    if (!missing.empty()) {
        std::string names;
        for (auto const& version : missing) names += (names.empty() ? "" : ", ") + version;
        return failure(errc::not_found, "the channel holds no " + *choice.chart + " " + names);
    }
    if (all.empty()) return failure(errc::not_found, "the channel holds nothing of that name");
    return all;
}

result<void> check_number(std::vector<storage::catalogue_entry> const& chosen) {
    if (chosen.size() <= versions_at_once_max) return {};
    return failure(errc::invalid_argument,
                   "more than 10000 versions at once: go chart by chart, or by ranges");
}

std::string summary_of(std::vector<storage::catalogue_entry> const& versions) {
    if (versions.empty()) return "no version";
    auto const& first = versions.front();
    if (versions.size() == 1) return first.chart + " " + first.version;
    auto const of_one_chart = std::ranges::all_of(
        versions, [&](storage::catalogue_entry const& e) { return e.chart == first.chart; });
    return std::to_string(versions.size()) + " versions" +
           (of_one_chart ? " of " + first.chart : std::string());
}

}  // namespace pilothouse::registry
