#include "chart/metadata_rules.hpp"

#include "base/ascii.hpp"
#include "chart/chart_version.hpp"
#include "chart/quote.hpp"
#include "chart/refusal.hpp"
#include "chart/sanitise.hpp"

#include <algorithm>
#include <set>

namespace pilothouse::chart {

namespace {

void sanitise_all(std::vector<std::string>& texts) {
    for (auto& text : texts) text = sanitise(text);
}

void sanitise_top(chart_metadata& metadata) {
    for (auto* text :
         {&metadata.name, &metadata.description, &metadata.home, &metadata.icon,
          &metadata.condition, &metadata.tags, &metadata.app_version, &metadata.kube_version})
        *text = sanitise(*text);
    sanitise_all(metadata.sources);
    sanitise_all(metadata.keywords);
}

// Letters, digits, `-` and `_`.
bool well_formed_alias(std::string_view alias) {
    return std::all_of(alias.begin(), alias.end(),
                       [](char c) { return ascii::is_letter_or_digit(c) || c == '-' || c == '_'; });
}

result<void> check_name(std::string const& name, std::string const& as_written) {
    // Two names that look alike would be one chart to Helm and two to others.
    if (name != as_written)
        return refused("The chart name " + chart::quoted(as_written) +
                       " holds characters that cannot be seen or white space other than a space.");
    if (name.empty()) return failure(errc::invalid_metadata, "The field \"name\" is missing.");
    // Such a name, unpacked by a client, is a path of its own.
    if (name == "." || name == ".." || name.find('/') != name.npos)
        return refused("The chart name " + chart::quoted(name) + " is a path, not a name.");
    return {};
}

result<void> check_version(std::string const& version) {
    if (version.empty())
        return failure(errc::invalid_metadata, "The field \"version\" is missing.");
    if (auto const parsed = chart_version::parse(version); !parsed) return parsed.error();
    return {};
}

result<void> check_type(std::string const& type) {
    if (type.empty() || type == "application" || type == "library") return {};
    return refused("The field \"type\" is " + chart::quoted(type) +
                   "; it must be application or library.");
}

result<void> check_dependencies(std::vector<dependency>& dependencies) {
    std::set<std::string_view> taken;
    for (auto& one : dependencies) {
        for (auto* text : {&one.name, &one.version, &one.repository, &one.condition})
            *text = sanitise(*text);
        sanitise_all(one.tags);
        if (!well_formed_alias(one.alias))
            return refused("The alias " + chart::quoted(one.alias) + " of the dependency " +
                           chart::quoted(one.name) +
                           " may hold letters, digits, '-' and '_' only.");
        if (!taken.insert(one.alias.empty() ? one.name : one.alias).second)
            return refused("More than one dependency has the name or alias " +
                           chart::quoted(one.alias.empty() ? one.name : one.alias) + ".");
    }
    return {};
}

}  // namespace

result<void> apply_metadata_rules(chart_metadata& metadata) {
    auto const name_as_written = metadata.name;
    sanitise_top(metadata);
    if (auto checked = check_name(metadata.name, name_as_written); !checked) return checked;
    if (auto checked = check_version(metadata.version); !checked) return checked;
    if (auto checked = check_type(metadata.type); !checked) return checked;
    for (auto& one : metadata.maintainers)
        for (auto* text : {&one.name, &one.email, &one.url}) *text = sanitise(*text);
    return check_dependencies(metadata.dependencies);
}

}  // namespace pilothouse::chart
