// The state of an object, made fit to be shown.
#pragma once

#include "release/inspector.hpp"

#include <string>

namespace pilothouse::release::kubernetes {

// Kind, namespace and name as a chart wrote them, whatever that is, and `state`, which is fit
// already (release/kubernetes/shown_text.hpp).
[[nodiscard]] object_state shown_state(rendered_object const& object, std::string state);

}  // namespace pilothouse::release::kubernetes
