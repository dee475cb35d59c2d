#include "registry/retain_charts.hpp"

#include <set>
#include <utility>

namespace pilothouse::registry {

task<result<std::vector<doomed_version>>> retain_charts::operator()(
    auth::grant const& g, chart::channel_name const& channel, bool dry_run) {
    if (!dry_run && g.what() != auth::permission::remove_chart)
        co_return failure(errc::denied, "to tidy a channel takes the right to remove its versions");
    auto found = co_await stores_.channels.find(g.project().id, channel.text());
    if (!found) co_return failure(errc::not_found, "the project has no channel " + channel.text());
    co_return co_await tidy(std::move(*found), dry_run);
}

task<retain_charts::round> retain_charts::everywhere(auth::grant const& g) {
    (void)g;  // having it is enough: this is everywhere
    round done;
    auto const projects = co_await stores_.projects.list();
    for (auto const& project : projects) {
        if (project.archived) continue;
        auto const channels = co_await stores_.catalogue.channels(project.id);
        for (auto const& channel : channels) {
            if (channel.settings.read_only) continue;
            auto const went = co_await tidy(channel, false);
            if (!went || went->empty()) continue;  // closed, or gone with its project, meanwhile
            ++done.channels;
            done.versions += went->size();
        }
    }
    co_return done;
}

task<result<std::vector<doomed_version>>> retain_charts::tidy(storage::channel_record channel,
                                                              bool dry_run) {
    auto const& rules = channel.settings.retention;
    if (rules == storage::retention_rules()) co_return std::vector<doomed_version>();
    auto const versions =
        co_await stores_.catalogue.list(channel.project, channel.name, std::nullopt);
    auto doomed = doomed_by(rules, versions, time_.now(), in_use_);
    if (dry_run || doomed.empty()) co_return doomed;

    std::vector<storage::version_state> states;
    states.reserve(doomed.size());
    for (auto const& d : doomed) states.push_back({d.entry.file_name, d.entry.digest});
    PILOTHOUSE_CO_TRY(auto const removed, co_await stores_.curator.remove(
                                              channel.project, channel.name, std::move(states)));
    // Whatever was replaced since we looked is another version now, and stays.
    std::set<storage::version_id> gone;
    for (auto const& entry : removed) gone.insert(entry.id);
    std::erase_if(doomed, [&](doomed_version const& d) { return !gone.contains(d.entry.id); });
    co_return doomed;
}

}  // namespace pilothouse::registry
