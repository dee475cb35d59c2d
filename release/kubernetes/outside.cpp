#include "release/kubernetes/outside.hpp"

#include "release/kubernetes/discovery.hpp"
#include "release/kubernetes/shown_state.hpp"

#include <utility>

namespace pilothouse::release::kubernetes {

task<result<std::vector<object_state>>> find_outside(api_client& api, std::string name_space,
                                                     std::vector<rendered_object> objects) {
    std::vector<object_state> found;
    discovery known(api);
    for (auto& object : objects) {
        PILOTHOUSE_CO_TRY(auto const kind,
                          co_await known.find_kind(object.api_version, object.kind));
        if (kind && kind->namespaced && object.name_space == name_space) continue;
        if (!kind) {
            found.push_back(shown_state(object, "the cluster does not know its kind"));
        } else if (!kind->namespaced) {
            object.name_space.clear();
            found.push_back(shown_state(object, "of the whole cluster"));
        } else {
            found.push_back(shown_state(object, "in another namespace"));
        }
    }
    co_return found;
}

}  // namespace pilothouse::release::kubernetes
