#include "registry/manage_channels.hpp"

#include "base/plain_text.hpp"
#include "registry/channel_words.hpp"
#include "registry/retention.hpp"

#include <string_view>
#include <utility>

namespace pilothouse::registry {

namespace {

constexpr std::size_t description_characters_max = 2000;

std::string told(storage::retention_rules const& keep) {
    std::string text;
    auto const add = [&text](std::string_view name, std::string const& value) {
        text += (text.empty() ? "" : ", ") + std::string(name) + " " + value;
    };
    auto const add_number = [&](std::string_view name, std::optional<std::int64_t> const& n) {
        if (n) add(name, std::to_string(*n));
    };
    auto const add_age = [&](std::string_view name, std::optional<std::chrono::seconds> const& a) {
        if (a) add(name, age_text(*a));
    };
    add_number("newest", keep.newest_of_chart);
    add_number("newest_of_major", keep.newest_of_major);
    add_number("newest_of_minor", keep.newest_of_minor);
    add_age("younger_than", keep.younger_than);
    add_number("prereleases", keep.newest_prereleases);
    add_age("prereleases_younger_than", keep.prereleases_younger_than);
    if (!keep.matching.empty()) add("matching", keep.matching);
    return text.empty() ? "none" : text;
}

// What is other than before, as it now is.
std::string told(storage::channel_settings const& before, storage::channel_settings const& now) {
    std::string text;
    auto const add = [&text](std::string const& what) {
        text += (text.empty() ? "" : "; ") + what;
    };
    if (before.description != now.description) add("description");
    if (before.duplicates != now.duplicates)
        add("duplicates: " + std::string(name_of(now.duplicates)));
    if (before.index_format != now.index_format)
        add("index_format: " + std::string(name_of(now.index_format)));
    if (before.read_only != now.read_only)
        add(std::string("read_only: ") + (now.read_only ? "true" : "false"));
    if (before.retention != now.retention) add("retention: " + told(now.retention));
    return text;
}

storage::retention_rules changed(storage::retention_rules rules, retention_changes const& c) {
    if (c.all_go) rules = {};
    rules.newest_of_chart = c.newest_of_chart.value_or(rules.newest_of_chart);
    rules.newest_of_major = c.newest_of_major.value_or(rules.newest_of_major);
    rules.newest_of_minor = c.newest_of_minor.value_or(rules.newest_of_minor);
    rules.younger_than = c.younger_than.value_or(rules.younger_than);
    rules.newest_prereleases = c.newest_prereleases.value_or(rules.newest_prereleases);
    rules.prereleases_younger_than =
        c.prereleases_younger_than.value_or(rules.prereleases_younger_than);
    rules.matching = c.matching.value_or(rules.matching);
    return rules;
}

}  // namespace

task<result<storage::channel_record>> manage_channels::find(auth::grant const& g,
                                                            chart::channel_name const& channel) {
    g.expect({auth::permission::read_chart, auth::permission::remove_chart});
    auto found = co_await channels_.find(g.project().id, channel.text());
    if (!found) co_return failure(errc::not_found, "the project has no channel " + channel.text());
    co_return std::move(*found);
}

task<result<storage::channel_record>> manage_channels::edit(auth::grant const& g,
                                                            chart::channel_name const& channel,
                                                            channel_changes changes) {
    g.expect({auth::permission::edit_project});
    if (changes.description) {
        auto const good = check_text("a description", *changes.description,
                                     description_characters_max, text_shape::lines);
        if (!good) co_return good.error();
    }
    storage::channel_settings before;
    auto const change = [&](storage::channel_settings& settings) -> result<void> {
        before = settings;
        settings.description = changes.description.value_or(settings.description);
        settings.duplicates = changes.duplicates.value_or(settings.duplicates);
        settings.index_format = changes.index_format.value_or(settings.index_format);
        settings.read_only = changes.read_only.value_or(settings.read_only);
        if (!changes.retention) return {};
        settings.retention = changed(settings.retention, *changes.retention);
        return check_rules(settings.retention);
    };
    auto edited = co_await channels_.configure(g.project().id, channel.text(), change);
    if (edited && edited->settings != before)
        co_await audit_.note(g, "channel_updated", channel_thing(edited->name, edited->id),
                             told(before, edited->settings));
    co_return edited;
}

}  // namespace pilothouse::registry
