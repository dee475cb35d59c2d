#include "registry/list_charts.hpp"

#include <utility>

namespace pilothouse::registry {

task<std::vector<storage::channel_record>> list_charts::channels(auth::grant const& g) {
    g.expect({auth::permission::read_chart});
    co_return co_await catalogue_.channels(g.project().id);
}

task<std::vector<storage::catalogue_entry>> list_charts::versions(
    auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart) {
    g.expect({auth::permission::read_chart});
    co_return co_await catalogue_.list(g.project().id, channel.text(), std::move(chart));
}

task<result<storage::catalogue_entry>> list_charts::version(auth::grant const& g,
                                                            chart::channel_name const& channel,
                                                            std::string const& chart,
                                                            std::string const& version) {
    g.expect({auth::permission::read_chart});
    auto const not_here = failure(errc::not_found, "the channel holds no such version");
    auto entry =
        co_await catalogue_.find(g.project().id, channel.text(), chart + "-" + version + ".tgz");
    // File names are not injective: another chart may own this one.
    if (!entry || entry->chart != chart) co_return not_here;
    co_return std::move(*entry);
}

}  // namespace pilothouse::registry
