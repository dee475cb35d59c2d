#include "registry/read_index.hpp"

namespace pilothouse::registry {

task<std::shared_ptr<index::index_snapshot const>> read_index::operator()(
    auth::grant const& g, chart::channel_name const& channel) {
    auto const& project = g.project();
    if (auto snapshot = indexes_.loaded(project.id, channel.text())) co_return snapshot;
    co_return co_await indexes_.current(project.id, channel.text(), project.created);
}

}  // namespace pilothouse::registry
