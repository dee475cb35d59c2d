#include "chart/chart_metadata.hpp"

#include "base/ascii.hpp"
#include "chart/metadata_rules.hpp"
#include "chart/quote.hpp"
#include "chart/yaml_tree.hpp"

namespace pilothouse::chart {

namespace {

// Reading means what Go's JSON decoder means by it: into a value that is already there, so that a
// second file, or a key in another case, changes only what it says. A null leaves text and truth
// values alone and empties lists and maps.

failure wrong_shape(std::string_view field, std::string_view wanted) {
    return failure(errc::invalid_metadata,
                   "The field \"" + std::string(field) + "\" must be " + std::string(wanted) + ".");
}

result<void> read(yaml_node const& node, std::string& into, std::string const& field) {
    if (node.form != yaml_node::shape::scalar) return wrong_shape(field, "text");
    if (!node.null()) into = node.text;
    return {};
}

result<void> read(yaml_node const& node, bool& into, std::string const& field) {
    if (node.null()) return {};
    if (node.form != yaml_node::shape::scalar || node.kind != scalar_kind::boolean)
        return wrong_shape(field, "true or false, without quotes");
    into = node.text == "true";
    return {};
}

// Helm keeps a plain truth value here, so false is the same as absent.
result<void> read(yaml_node const& node, std::optional<bool>& into, std::string const& field) {
    bool enabled = into.value_or(false);
    if (auto outcome = read(node, enabled, field); !outcome) return outcome;
    into = enabled ? std::optional(true) : std::nullopt;
    return {};
}

result<void> read(yaml_node const& node, std::map<std::string, std::string>& into,
                  std::string const& field) {
    if (node.null()) into.clear();
    if (node.null()) return {};
    if (node.form != yaml_node::shape::map) return wrong_shape(field, "a map");
    for (auto const& [key, value] : node.fields)
        if (auto outcome = read(*value, into[key] = {}, field); !outcome) return outcome;
    return {};
}

// What Helm does not use when it imports values, a null or another kind of map, is left out.
result<void> read(yaml_node const& node, std::vector<import_value>& into,
                  std::string const& field) {
    into.clear();
    if (node.null()) return {};
    if (node.form != yaml_node::shape::list) return wrong_shape(field, "a list");
    for (auto const* item : node.items) {
        if (item->form == yaml_node::shape::scalar && !item->null())
            into.push_back({item->text, std::nullopt});
        auto const child = item->fields.find("child");
        auto const parent = item->fields.find("parent");
        if (child != item->fields.end() && parent != item->fields.end())
            into.push_back({{}, std::pair(child->second->text, parent->second->text)});
    }
    return {};
}

result<void> read(yaml_node const& node, maintainer& into, std::string const& field);
result<void> read(yaml_node const& node, dependency& into, std::string const& field);

template <class T>
result<void> read(yaml_node const& node, std::vector<T>& into, std::string const& field) {
    if (!node.null() && node.form != yaml_node::shape::list) return wrong_shape(field, "a list");
    into.resize(node.items.size());
    for (std::size_t i = 0; i < into.size(); ++i) {
        if (!std::is_same_v<T, std::string> && node.items[i]->null())
            return failure(errc::unacceptable_chart,
                           "The field \"" + field + "\" holds an empty element.");
        if (auto outcome = read(*node.items[i], into[i], field); !outcome) return outcome;
    }
    return {};
}

// Helm takes the whole file through JSON, which has no word for these; where text is wanted they
// have become text before.
bool infinite_or_nan(yaml_node const& node) {
    for (auto const* item : node.items)
        if (infinite_or_nan(*item)) return true;
    for (auto const& [key, value] : node.fields)
        if (infinite_or_nan(*value)) return true;
    return node.kind == scalar_kind::not_finite;
}

template <class T>
struct known_field {
    std::string_view name;
    T& into;
};
template <class T>
known_field(std::string_view, T&) -> known_field<T>;

// Gives every known field its value; other keys are passed over. Keys come sorted, so of two that
// differ in case only, the one in small letters is read last and wins, as with Helm.
template <class... T>
result<void> read_fields(yaml_node const& node, std::string const& path, known_field<T>... known) {
    if (node.null()) return {};
    if (node.form != yaml_node::shape::map)
        return wrong_shape(path.empty() ? "(the whole file)" : path, "a map");
    auto const prefix = path.empty() ? path : path + ".";
    for (auto const& [key, value] : node.fields) {
        result<void> outcome;
        auto const tried = [&, &name = key, &node_of_key = *value](auto const& field) {
            if (!ascii::equal_ignoring_case(name, field.name)) return false;
            outcome = read(node_of_key, field.into, prefix + std::string(field.name));
            return true;
        };
        if (!(tried(known) || ...) && infinite_or_nan(*value))
            return failure(errc::invalid_metadata, "The field \"" + printable(prefix + key) +
                                                       "\" holds an infinity or a NaN.");
        if (!outcome) return outcome;
    }
    return {};
}

result<void> read(yaml_node const& node, maintainer& into, std::string const& field) {
    return read_fields(node, field, known_field{"name", into.name},
                       known_field{"email", into.email}, known_field{"url", into.url});
}

result<void> read(yaml_node const& node, dependency& into, std::string const& field) {
    return read_fields(
        node, field, known_field{"name", into.name}, known_field{"version", into.version},
        known_field{"repository", into.repository}, known_field{"condition", into.condition},
        known_field{"tags", into.tags}, known_field{"enabled", into.enabled},
        known_field{"import-values", into.import_values}, known_field{"alias", into.alias});
}

result<void> read(yaml_node const& node, chart_metadata& into) {
    return read_fields(
        node, "", known_field{"name", into.name}, known_field{"home", into.home},
        known_field{"sources", into.sources}, known_field{"version", into.version},
        known_field{"description", into.description}, known_field{"keywords", into.keywords},
        known_field{"maintainers", into.maintainers}, known_field{"icon", into.icon},
        known_field{"apiVersion", into.api_version}, known_field{"condition", into.condition},
        known_field{"tags", into.tags}, known_field{"appVersion", into.app_version},
        known_field{"deprecated", into.deprecated}, known_field{"annotations", into.annotations},
        known_field{"kubeVersion", into.kube_version},
        known_field{"dependencies", into.dependencies}, known_field{"type", into.type});
}

result<void> read_file(std::string_view name, std::string_view text, yaml_limits const& limits,
                       chart_metadata& into) {
    auto const in_this_file = [&](failure const& f) {
        return failure(f.code, std::string(name) + ": " + f.detail);
    };
    auto const tree = yaml_tree::parse(text, limits);
    if (!tree) return in_this_file(tree.error());
    if (auto outcome = read(tree->root(), into); !outcome) return in_this_file(outcome.error());
    return {};
}

}  // namespace

result<chart_metadata> parse_chart_metadata(std::string_view yaml, std::string_view requirements,
                                            yaml_limits const& limits) {
    chart_metadata metadata;
    if (auto outcome = read_file("Chart.yaml", yaml, limits, metadata); !outcome)
        return outcome.error();
    if (metadata.api_version.empty()) metadata.api_version = "v1";
    if (auto outcome = read_file("requirements.yaml", requirements, limits, metadata); !outcome)
        return outcome.error();
    if (auto outcome = apply_metadata_rules(metadata); !outcome)
        return failure(outcome.error().code, "Chart.yaml: " + outcome.error().detail);
    return metadata;
}

}  // namespace pilothouse::chart
