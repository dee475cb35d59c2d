// What a chart wrote, against what is there.
#pragma once

#include "chart/yaml_tree.hpp"

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace pilothouse::release::kubernetes {

struct differences {
    std::vector<std::string> paths;  // `spec.template.spec.containers[app].image`, at most five
    std::size_t more = 0;            // beyond those
};

// Of the fields that the manifest sets alone: what a cluster adds by itself is no difference, nor
// is the form in which it keeps an amount. An empty text, list or map sets nothing, and zero and
// `false` are what is not there. Both are maps.
[[nodiscard]] differences compare(chart::yaml_node const& manifest, boost::json::value const& live);

}  // namespace pilothouse::release::kubernetes
