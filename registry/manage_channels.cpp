#include "registry/manage_channels.hpp"

#include "registry/plain_text.hpp"
#include "registry/retention.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

constexpr std::size_t description_characters_max = 2000;

}  // namespace

task<result<storage::channel_record>> manage_channels::find(auth::grant const& g,
                                                            chart::channel_name const& channel) {
    auto found = co_await channels_.find(g.project().id, channel.text());
    if (!found) co_return failure(errc::not_found, "the project has no channel " + channel.text());
    co_return std::move(*found);
}

task<result<storage::channel_record>> manage_channels::edit(auth::grant const& g,
                                                            chart::channel_name const& channel,
                                                            channel_changes changes) {
    if (changes.description) {
        auto const good = check_text("a description", *changes.description,
                                     description_characters_max, text_shape::lines);
        if (!good) co_return good.error();
    }
    if (changes.retention) {
        if (auto const good = check_rules(*changes.retention); !good) co_return good.error();
    }
    auto const found = co_await channels_.find(g.project().id, channel.text());
    auto settings = found ? found->settings : storage::channel_settings();
    if (changes.description) settings.description = std::move(*changes.description);
    if (changes.duplicates) settings.duplicates = *changes.duplicates;
    if (changes.index_format) settings.index_format = *changes.index_format;
    if (changes.read_only) settings.read_only = *changes.read_only;
    if (changes.retention) settings.retention = std::move(*changes.retention);
    co_return co_await channels_.configure(g.project().id, channel.text(), std::move(settings));
}

}  // namespace pilothouse::registry
