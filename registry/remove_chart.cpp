#include "registry/remove_chart.hpp"

#include <utility>

namespace pilothouse::registry {

task<result<std::vector<storage::catalogue_entry>>> remove_chart::operator()(
    auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart,
    std::optional<std::string> version) {
    PILOTHOUSE_CO_TRY(auto removed,
                      co_await catalogue_.remove(g.project().id, channel.text(), std::move(chart),
                                                 std::move(version)));
    if (removed.empty())
        co_return failure(errc::not_found, "the channel holds nothing of that name");
    co_return removed;
}

}  // namespace pilothouse::registry
