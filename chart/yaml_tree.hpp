// A small YAML document as a tree that cannot grow beyond its limits.
#pragma once

#include "base/result.hpp"
#include "chart/chart_metadata.hpp"
#include "chart/yaml_scalar.hpp"

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::chart {

struct yaml_node {
    enum class shape : std::uint8_t { scalar, list, map };

    shape form = shape::scalar;
    scalar_kind kind = scalar_kind::null;                         // of a scalar
    std::string text;                                             // of a scalar, as Helm writes it
    std::vector<yaml_node const*> items;                          // of a list
    std::map<std::string, yaml_node const*, std::less<>> fields;  // of a map, keys as Helm's

    [[nodiscard]] bool null() const noexcept {
        return form == shape::scalar && kind == scalar_kind::null;
    }
};

// Owns the nodes; aliases share theirs, so walk it only downwards from the root.
class yaml_tree {
public:
    // The first document; a text without one is a null. Merge keys (`<<`) are carried out, as
    // Helm's reader does: in the order of writing, the later value wins.
    //
    // errc::invalid_metadata: not YAML, or something that Helm's reader refuses.
    // errc::unacceptable_chart: beyond the limits, a node inside itself, a key twice in one map.
    [[nodiscard]] static result<yaml_tree> parse(std::string_view text, yaml_limits const& limits);

    [[nodiscard]] yaml_node const& root() const noexcept { return *root_; }

private:
    friend class yaml_tree_builder;
    std::deque<yaml_node> nodes_;  // never moved once made
    yaml_node const* root_ = nullptr;
};

}  // namespace pilothouse::chart
