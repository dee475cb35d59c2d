// Chart.yaml as Helm's loader understands it.
#pragma once

#include "base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::chart {

struct maintainer {
    std::string name, email, url;
};

// One element of a dependency's import-values: a string, or a child and a parent.
struct import_value {
    std::string text;  // when child_parent is empty
    std::optional<std::pair<std::string, std::string>> child_parent;
};

struct dependency {
    std::string name, version, repository, condition, alias;
    std::vector<std::string> tags;
    std::optional<bool> enabled;
    std::vector<import_value> import_values;
};

// Only the fields that Helm knows (contracts: helm 8); everything else in the file is dropped,
// because an index with an unknown key cannot be read. Strings are as Helm has them: scalars
// coerced as its loader does, text sanitised (contracts: helm 48, 51). Empty means absent.
struct chart_metadata {
    std::string name;         // as Helm has it; chart_name says whether we take it
    std::string version;      // never sanitised
    std::string api_version;  // absent in the file: "v1" (contracts: helm 49)
    std::string description, home, icon, condition, tags, app_version, kube_version, type;
    bool deprecated = false;
    std::vector<std::string> sources, keywords;
    std::vector<maintainer> maintainers;
    std::vector<dependency> dependencies;
    std::map<std::string, std::string> annotations;
};

struct yaml_limits {
    std::size_t size_bytes = 1024 * 1024;
    std::size_t depth = 100;
    std::size_t nodes = 100'000;  // aliases counted at the size of what they stand for
};

// Reads the first document of a Chart.yaml. `requirements` is the text of a requirements.yaml
// beside it, or empty: charts of API version v1 keep their dependencies there (contracts: helm 42).
//
// errc::invalid_metadata: not readable YAML, wrong shape, name or version missing.
// errc::unacceptable_chart: readable, but Helm refuses it, or it is ambiguous (a duplicate key), or
// beyond the limits. The detail names the field.
[[nodiscard]] result<chart_metadata> parse_chart_metadata(std::string_view yaml,
                                                          std::string_view requirements = {},
                                                          yaml_limits const& limits = {});

}  // namespace pilothouse::chart
