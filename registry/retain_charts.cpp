#include "registry/retain_charts.hpp"

#include "registry/channel_words.hpp"
#include "registry/directory_names.hpp"
#include "registry/manage_protections.hpp"
#include "registry/version_choice.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace pilothouse::registry {

namespace {

// What the project protects is left, with the protection for a reason.
retained spare_protected(storage::project_record const& project,
                         std::vector<doomed_version> doomed) {
    retained r;
    for (auto& d : doomed) {
        auto const needed = role_to_remove(project, d.entry.chart);
        bool const goes = needed == storage::role::none;
        if (!goes) d.why = "protected: removing it takes the role " + std::string(name_of(needed));
        (goes ? r.gone : r.kept).push_back(std::move(d));
    }
    return r;
}

std::string what_went(std::vector<doomed_version> const& gone) {
    std::vector<storage::catalogue_entry> versions;
    for (auto const& d : gone) versions.push_back(d.entry);
    return "removed " + summary_of(versions);
}

}  // namespace

task<result<retained>> retain_charts::operator()(auth::grant const& g,
                                                 chart::channel_name const& channel, bool dry_run) {
    g.expect({auth::permission::read_chart, auth::permission::remove_chart});
    if (!dry_run && g.what() != auth::permission::remove_chart)
        co_return failure(errc::denied, "to tidy a channel takes the right to remove its versions");
    PILOTHOUSE_CO_TRY(auto const where, co_await look(g.project().id, channel.text()));
    co_return co_await tidy(g, where, dry_run);
}

task<retain_charts::round> retain_charts::everywhere(auth::grant const& g) {
    g.expect({auth::permission::administer});
    round done;
    auto const projects = co_await stores_.projects.list();
    for (auto const& project : projects) {
        if (project.archived) continue;
        auto const channels = co_await stores_.catalogue.channels(project.id);
        for (auto const& channel : channels) {
            if (channel.settings.retention == storage::retention_rules()) continue;
            auto const where = co_await look(project.id, channel.name);
            if (!where || where->project.archived || where->channel.settings.read_only) continue;
            auto const tidied = co_await tidy(g, *where, false);
            // Closed, or gone with its project, meanwhile.
            if (!tidied || tidied->gone.empty()) continue;
            ++done.channels;
            done.versions += tidied->gone.size();
        }
    }
    co_return done;
}

task<result<retain_charts::place>> retain_charts::look(storage::project_id project,
                                                       std::string channel) {
    PILOTHOUSE_CO_TRY(auto around, co_await stores_.projects.find(project));
    auto found = co_await stores_.channels.find(project, channel);
    if (!found) co_return failure(errc::not_found, "the project has no channel " + channel);
    co_return place{std::move(around), std::move(*found)};
}

task<result<retained>> retain_charts::tidy(auth::grant const& g, place const& where, bool dry_run) {
    auto const& [project, channel] = where;
    auto const& rules = channel.settings.retention;
    if (rules == storage::retention_rules()) co_return retained();
    auto const versions =
        co_await stores_.catalogue.list(channel.project, channel.name, std::nullopt);
    auto r = spare_protected(project, doomed_by(rules, versions, time_.now(), in_use_));
    if (dry_run || r.gone.empty()) co_return r;

    std::vector<storage::version_state> states;
    states.reserve(r.gone.size());
    for (auto const& d : r.gone) states.push_back({d.entry.file_name, d.entry.digest});
    PILOTHOUSE_CO_TRY(auto const removed, co_await stores_.curator.remove(
                                              channel.project, channel.name, std::move(states)));
    // Whatever was replaced since we looked is another version now, and stays.
    std::set<storage::version_id> ids;
    for (auto const& entry : removed) ids.insert(entry.id);
    std::erase_if(r.gone, [&](doomed_version const& d) { return !ids.contains(d.entry.id); });
    if (!r.gone.empty())
        co_await audit_.note_in(project, g, "channel_retained",
                                channel_thing(channel.name, channel.id), what_went(r.gone));
    co_return r;
}

}  // namespace pilothouse::registry
