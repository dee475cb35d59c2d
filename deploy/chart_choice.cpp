#include "deploy/chart_choice.hpp"

#include "base/uuid.hpp"
#include "chart/chart_version.hpp"
#include "chart/quote.hpp"
#include "chart/version_range.hpp"
#include "deploy/place_uuids.hpp"
#include "release/product.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace pilothouse::deploy {

namespace {

using storage::catalogue_entry;

failure no_such(std::string_view what, std::string_view name) {
    return failure(errc::invalid_argument, "source.helm_repository: there is no " +
                                               std::string(what) + " " + chart::quoted(name));
}

// Entries of one chart, the newest first.
catalogue_entry const* meant(std::vector<catalogue_entry> const& entries,
                             std::string const& asked) {
    auto const exact = std::ranges::find_if(
        entries, [&](auto const& e) { return !e.yanked && e.version == asked; });
    if (exact != entries.end()) return &*exact;
    auto const range = chart::version_range::parse(asked);
    if (!range) return nullptr;
    auto const fits = [&](catalogue_entry const& e) {
        auto const version = chart::chart_version::parse(e.version);
        return !e.yanked && version && range->contains(*version);
    };
    auto const newest = std::ranges::find_if(entries, fits);
    return newest == entries.end() ? nullptr : &*newest;
}

}  // namespace

task<result<chart_choice>> choose_chart(deploy_parts const& parts, auth::grant const& g,
                                        service_configuration const& configured,
                                        std::string version) {
    if (version.empty()) version = configured.version;
    auto const number = number_in_uuid(uuid_of_channel, configured.repository);
    if (!number) co_return no_such("repository", configured.repository);
    auto const channel = co_await parts.channels.find(storage::channel_id{*number});
    if (!channel) co_return no_such("repository", configured.repository);
    auto const who = std::make_shared<auth::principal const>(g.who());
    auto const readable =
        co_await parts.below.policy.authorize(who, auth::permission::read_chart, channel->project);
    if (!readable && readable.error().code == errc::unavailable) co_return readable.error();
    if (!readable) co_return no_such("repository", configured.repository);
    auto const entries =
        co_await parts.below.catalogue.list(channel->project, channel->name, configured.chart);
    if (entries.empty()) co_return no_such("chart", configured.chart);
    auto const* const entry = meant(entries, version);
    if (entry == nullptr) co_return no_such("version", version);
    co_return chart_choice{release::product_version_of(entry->id), entry->version};
}

}  // namespace pilothouse::deploy
