#include "registry/remove_chart.hpp"

#include "registry/manage_protections.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

// For the audit log.
std::string audit_name(std::optional<std::string> const& chart,
                       std::optional<std::string> const& version) {
    if (!chart) return "every chart";
    return version ? *chart + " " + *version : *chart;
}

}  // namespace

task<result<remove_chart::entries>> remove_chart::remove_all(auth::grant const& g,
                                                             chart::channel_name const& channel) {
    std::vector<storage::version_state> states;
    for (auto& entry : co_await catalogue_.list(g.project().id, channel.text(), std::nullopt)) {
        if (auto const good = check_removal(g, entry.chart); !good) co_return good.error();
        states.push_back({std::move(entry.file_name), entry.digest});
    }
    co_return co_await curator_.remove(g.project().id, channel.text(), std::move(states));
}

task<result<std::vector<storage::catalogue_entry>>> remove_chart::operator()(
    auth::grant const& g, chart::channel_name const& channel, std::optional<std::string> chart,
    std::optional<std::string> version) {
    g.expect({auth::permission::remove_chart});
    auth::audited const thing{"Packages::Package", 0, audit_name(chart, version)};
    entries removed;
    if (chart) {
        if (auto const good = check_removal(g, *chart); !good) co_return good.error();
        PILOTHOUSE_CO_TRY(
            removed, co_await catalogue_.remove(g.project().id, channel.text(), std::move(chart),
                                                std::move(version)));
    } else {
        PILOTHOUSE_CO_TRY(removed, co_await remove_all(g, channel));
    }
    if (removed.empty())
        co_return failure(errc::not_found, "the channel holds nothing of that name");
    co_await audit_.note(
        g, "chart_removed", thing,
        "out of " + channel.text() + ", versions: " + std::to_string(removed.size()));
    co_return removed;
}

}  // namespace pilothouse::registry
