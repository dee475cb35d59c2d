#include "release/kubernetes/shown_state.hpp"

#include "release/kubernetes/shown_text.hpp"

#include <cstddef>
#include <utility>

namespace pilothouse::release::kubernetes {

object_state shown_state(rendered_object const& object, std::string state) {
    constexpr std::size_t name_characters_max = 253;
    return {shown(object.kind, name_characters_max), shown(object.name_space, name_characters_max),
            shown(object.name, name_characters_max), std::move(state)};
}

}  // namespace pilothouse::release::kubernetes
