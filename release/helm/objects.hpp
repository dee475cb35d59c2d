// Rendered manifests, as objects that may be shown.
#pragma once

#include "release/engine.hpp"

#include <string_view>
#include <vector>

namespace pilothouse::release::helm {

// The objects of a text of several documents, in its order; the items of a List each by itself.
// `hooks`: they are all hooks; else those are that say so. Each datum of a Secret is a mark instead
// that tells only whether it changed: equal marks of one place are equal data, as long as this
// process lives. What cannot be read is one object without kind and name, whose text is a mark.
[[nodiscard]] std::vector<rendered_object> split_objects(std::string_view manifest,
                                                         bool hooks = false);

}  // namespace pilothouse::release::helm
