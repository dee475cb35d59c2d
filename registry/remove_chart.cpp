#include "registry/remove_chart.hpp"

#include "registry/manage_protections.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

// For the audit log.
std::string name_of(std::optional<std::string> const& chart,
                    std::optional<std::string> const& version) {
    if (!chart) return "every chart";
    return version ? *chart + " " + *version : *chart;
}

}  // namespace

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
    g.expect({auth::permission::remove_chart});
    if (auto const good = co_await check(g, channel, chart); !good) co_return good.error();
    auth::audited const thing{"Packages::Package", 0, name_of(chart, version)};
    PILOTHOUSE_CO_TRY(auto removed,
                      co_await catalogue_.remove(g.project().id, channel.text(), std::move(chart),
                                                 std::move(version)));
    if (removed.empty())
        co_return failure(errc::not_found, "the channel holds nothing of that name");
    co_await audit_.note(
        g, "chart_removed", thing,
        "out of " + channel.text() + ", versions: " + std::to_string(removed.size()));
    co_return removed;
}

}  // namespace pilothouse::registry
