#include "registry/promote_charts.hpp"

#include "chart/chart_version.hpp"
#include "notify/documents.hpp"
#include "registry/channel_words.hpp"
#include "registry/duplicates_in_force.hpp"
#include "registry/manage_protections.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

bool is_prerelease(std::string const& text) {
    auto const version = chart::chart_version::parse(text);
    return version && version->prerelease();
}

}  // namespace

std::string_view name_of(storage::added::outcome what) noexcept {
    switch (what) {
        case storage::added::outcome::created: return "created";
        case storage::added::outcome::replaced: return "replaced";
        case storage::added::outcome::unchanged: return "unchanged";
    }
    return "unknown";
}

task<result<std::vector<storage::added>>> promote_charts::operator()(auth::grant const& source,
                                                                     auth::grant const& target,
                                                                     promotion_request request) {
    source.expect({auth::permission::read_chart, auth::permission::remove_chart});
    target.expect({auth::permission::push_chart});
    if (request.move && source.what() != auth::permission::remove_chart)
        co_return failure(errc::denied, "to move versions takes the right to remove them");
    if (source.project().id == target.project().id && request.from == request.to)
        co_return failure(errc::invalid_argument, "a channel cannot be promoted into itself");
    auto all = co_await stores_.catalogue.list(source.project().id, request.from.text(),
                                               request.which.chart);
    PILOTHOUSE_CO_TRY(auto const chosen,
                      choose(std::move(all), request.which, yanked_versions::only_by_name));
    if (auto const good = check_number(chosen); !good) co_return good.error();
    if (auto const good = check_push(target, chosen); !good) co_return good.error();
    if (request.move) {
        if (auto const good = check_removal(source, chosen); !good) co_return good.error();
    }

    auto const channel = co_await stores_.channels.find(target.project().id, request.to.text());
    auto const duplicates = rule_in_force(target.project(), channel);
    storage::copy_request copy;
    copy.from = source.project().id;
    copy.from_channel = request.from.text();
    copy.to = target.project().id;
    copy.to_channel = request.to.text();
    copy.how = {source.project().path + "/" + request.from.text(), target.who().user.value,
                time_.now()};
    copy.move = request.move;
    copy.announce = [&](std::vector<storage::added> const& done) {
        return notify::charts_promoted(target, copy, done);
    };
    // The old rows name the blobs until the new ones do; the pins are for whoever removes the old
    // ones between.
    std::vector<blob_pins::pin> pins;
    for (auto const& entry : chosen) {
        copy.items.push_back({{entry.file_name, entry.digest},
                              duplicates.on_duplicate(is_prerelease(entry.version))});
        pins.push_back(stores_.pins.hold(entry.digest));
        bool held = static_cast<bool>(pins.back());
        if (entry.provenance) {
            pins.push_back(stores_.pins.hold(*entry.provenance));
            held = held && static_cast<bool>(pins.back());
        }
        if (!held)
            co_return failure(errc::unavailable,
                              "a collection of unused files is under way: try again in a moment");
    }
    auto done = co_await curator_.copy(copy);
    if (done) co_await note(source, target, copy, *done);
    co_return done;
}

// In the place that got versions, and in the one that lost them.
task<void> promote_charts::note(auth::grant const& source, auth::grant const& target,
                                storage::copy_request const& request,
                                std::vector<storage::added> const& done) {
    std::vector<storage::catalogue_entry> came, went;
    for (auto const& [what, entry] : done) {
        if (what != storage::added::outcome::unchanged) came.push_back(entry);
        if (request.move) went.push_back(entry);
    }
    bool const within = request.from == request.to;
    auto const& seen_here = within && request.move ? went : came;
    if (!seen_here.empty()) {
        auto detail = summary_of(seen_here) + (request.move ? " moved from " : " from ");
        detail += request.how.from;
        co_await audit_.note(target, "chart_promoted", channel_thing(request.to_channel),
                             std::move(detail));
    }
    if (within || went.empty()) co_return;
    auto detail = summary_of(went) + " moved to ";
    detail += target.project().path + "/" + request.to_channel;
    co_await audit_.note(source, "chart_promoted", channel_thing(request.from_channel),
                         std::move(detail));
}

}  // namespace pilothouse::registry
