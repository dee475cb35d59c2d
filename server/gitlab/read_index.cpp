// GET …/:channel/index.yaml
#include "registry/channel_reference.hpp"
#include "server/gitlab/helm_handlers.hpp"
#include "server/gitlab/words.hpp"
#include "server/serving/serve_index.hpp"

#include <utility>

namespace pilothouse::gitlab {

result<void> legal_channel_or_view(http::exchange const& x) {
    if (auto const named = registry::channel_reference::parse(x.parameters.at(1)); !named)
        return named.error();
    return {};
}

// The form that the client used, decoded: helm-push looks for it at the front of the address it was
// given (contracts: settled 2).
std::string helm_handlers::context_path(http::exchange const& x) const {
    return uses_.base_path + "/api/v4/projects/" + x.parameters[0] + "/packages/helm";
}

task<http::response> helm_handlers::index(http::exchange& x) {
    auto const named = registry::channel_reference::parse(x.parameters[1]).value();
    auto const index = co_await uses_.read_index.seen(*x.grant, named);
    if (!index) co_return words().refuse(x, index.error());
    serving::index_form form{.context_path = context_path(x)};
    auto r = co_await serving::serve_index(x.head, *index, std::move(form), uses_.time.now(),
                                           uses_.files);
    co_return with_usual_fields(std::move(r));
}

}  // namespace pilothouse::gitlab
