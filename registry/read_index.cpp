#include "registry/read_index.hpp"

namespace pilothouse::registry {

task<std::shared_ptr<index::index_snapshot const>> read_index::operator()(
    auth::grant const& g, chart::channel_name const& channel) {
    g.expect({auth::permission::read_chart});
    auto const& project = g.project();
    if (auto snapshot = indexes_.loaded(project.id, channel.text())) co_return snapshot;
    co_return co_await indexes_.current(project.id, channel.text(), project.created);
}

task<result<std::shared_ptr<index::index_snapshot const>>> read_index::seen(
    auth::grant const& g, channel_reference const& what) {
    g.expect({auth::permission::read_chart});
    if (!what.through) co_return co_await (*this)(g, what.channel);
    auto const& project = g.project();
    co_return co_await indexes_.view(project.id, what.channel.text(), project.created,
                                     *what.through, pool_);
}

}  // namespace pilothouse::registry
