#include "registry/remove_chart.hpp"

#include "registry/manage_protections.hpp"

#include <utility>

namespace pilothouse::registry {

// Without a name it is about all that the channel holds.
task<result<void>> remove_chart::check(auth::grant const& g, chart::channel_name const& channel,
                                       std::optional<std::string> chart) {
    if (g.project().protections.empty()) co_return result<void>();
    if (chart) co_return check_removal(g, *chart);
    for (auto const& entry : co_await catalogue_.list(g.project().id, channel.text(), std::nullopt))
        if (auto const good = check_removal(g, entry.chart); !good) co_return good.error();
    co_return result<void>();
}

task<result<std::vector<storage::catalogue_entry>>> remove_chart::operator()(
    auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart,
    std::optional<std::string> version) {
    if (auto const good = co_await check(g, channel, chart); !good) co_return good.error();
    PILOTHOUSE_CO_TRY(auto removed,
                      co_await catalogue_.remove(g.project().id, channel.text(), std::move(chart),
                                                 std::move(version)));
    if (removed.empty())
        co_return failure(errc::not_found, "the channel holds nothing of that name");
    co_return removed;
}

}  // namespace pilothouse::registry
