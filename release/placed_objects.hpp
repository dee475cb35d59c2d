// Objects of a release with their namespaces: a chart need not name the release's own.
#pragma once

#include "release/engine.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pilothouse::release {

[[nodiscard]] inline std::vector<rendered_object> placed_in(std::string const& name_space,
                                                            std::vector<rendered_object> objects) {
    for (auto& o : objects)
        if (o.name_space.empty()) o.name_space = name_space;
    return objects;
}

}  // namespace pilothouse::release
