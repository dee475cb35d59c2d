#include "registry/push_chart.hpp"

#include "chart/file_name.hpp"
#include "chart/provenance.hpp"
#include "index/entry_fragment.hpp"
#include "notify/documents.hpp"
#include "registry/duplicates_in_force.hpp"
#include "registry/manage_protections.hpp"
#include "registry/staged_text.hpp"
#include "storage/publishing.hpp"

#include <algorithm>
#include <utility>

namespace pilothouse::registry {

namespace {

failure already_published(storage::catalogue_entry const& entry,
                          duplicates_in_force const& duplicates) {
    if (entry.yanked)
        return {errc::conflict, entry.file_name + " was yanked (" + entry.yanked->reason +
                                    "), and is published with other content: publish a new "
                                    "version"};
    return {errc::conflict, entry.file_name + " is published with other content, and " +
                                duplicates.words() +
                                ": publish a new version, or let an administrator change the "
                                "setting"};
}

// Looked at before the bytes are stored, so that nobody fills the disk with what is refused then;
// the catalogue decides again, and for good.
result<void> check_room(storage::quota_state const& state, storage::catalogue_entry const& entry,
                        result<storage::catalogue_entry> const& published) {
    auto after = state.use;
    after.bytes += entry.size_bytes;
    if (published)
        after.bytes -= std::min(after.bytes, published->size_bytes);
    else
        ++after.versions;
    return storage::check_quota(state.quota, state.use, after);
}

storage::catalogue_entry make_entry(chart::inspected_chart const& inspected,
                                    storage::staged_file const& archive, auth::principal const& who,
                                    instant now) {
    storage::catalogue_entry entry;
    entry.chart = inspected.name.text();
    entry.version = inspected.version.text();
    entry.precedence_key = inspected.version.precedence_key();
    entry.file_name = chart::file_name(inspected.name, inspected.version);
    entry.digest = archive.digest();
    entry.size_bytes = archive.size_bytes();
    entry.content = inspected.content;
    entry.created = now;
    entry.created_by = who.user.value;
    entry.fragment = index::render_fragment(inspected.metadata, entry.file_name, entry.digest, now);
    return entry;
}

}  // namespace

push_chart::push_chart(chart_stores const& stores, auth::auditor& audit, blocking_pool& inspections,
                       clock const& time, chart::inspection_limits const& limits)
    : stores_(stores),
      audit_(audit),
      attach_(stores, audit),
      inspections_(inspections),
      time_(time),
      limits_(limits) {}

// Noted with the version itself: a push waits for one commit, not for two.
storage::adding push_chart::adding_for(auth::grant const& g, chart::channel_name const& channel,
                                       storage::on_duplicate rule) const {
    storage::adding how = rule;
    how.event = [this, &g, &channel](storage::added const& done) {
        auto const& e = done.entry;
        bool const replaced = done.what == storage::added::outcome::replaced;
        return audit_.event(
            g, "chart_pushed", {"Packages::Package", 0, e.chart + " " + e.version},
            (replaced ? "replaced in " : "into ") + channel.text() + ", SHA-256 " + e.digest.hex());
    };
    how.announce = [this, &g, &channel](storage::added const& done) {
        return notify::chart_pushed(g, channel.text(), done, time_.now());
    };
    return how;
}

// Inspection before bytes, bytes before row, row before index (which the catalogue itself tells
// before it answers us). Stopped after the blobs: they are unnamed, and collected later. Stopped
// after the row: all is well. There is never a row without its bytes.
task<result<pushed>> push_chart::operator()(auth::grant const& g, push_request request) {
    g.expect({auth::permission::push_chart});
    auto const& project = g.project();
    auto inspect = [&] { return chart::inspect(bytes_of(request.archive), limits_); };
    PILOTHOUSE_CO_TRY(auto const inspected, co_await inspections_.run(inspect));
    if (auto const good = check_push(g, inspected.name.text()); !good) co_return good.error();

    auto entry =
        make_entry(inspected, request.archive, g.who(), request.created.value_or(time_.now()));
    if (request.expected_file_name && *request.expected_file_name != entry.file_name)
        co_return failure(errc::unacceptable_chart,
                          "the archive is of another chart or version: " + entry.file_name);
    auto const channel = co_await stores_.channels.find(project.id, request.channel.text());
    if (channel) {
        if (auto const open = storage::check_writable(*channel); !open) co_return open.error();
    }
    auto const duplicates = rule_in_force(project, channel);
    auto const rule = duplicates.on_duplicate(inspected.version.prerelease());
    if (request.provenance) {
        PILOTHOUSE_CO_TRY(auto const statement,
                          chart::parse_provenance(text_of(*request.provenance)));
        auto const checked = chart::check_provenance(statement, entry.file_name, entry.digest);
        if (!checked) co_return checked.error();
        entry.provenance = request.provenance->digest();
    }

    // What is already decided is decided before a byte is stored; the catalogue decides again, and
    // for good.
    auto const published =
        co_await stores_.catalogue.find(project.id, request.channel.text(), entry.file_name);
    if (published && published->chart == entry.chart) {
        if (published->content == entry.content)
            co_return co_await push_again(g, std::move(request), *published, inspected.warnings);
        if (rule == storage::on_duplicate::refuse || published->yanked)
            co_return already_published(*published, duplicates);
    }

    auto const room = co_await stores_.channels.quota_of(project.id);
    if (auto const fits = check_room(room, entry, published); !fits) co_return fits.error();

    auto const pin = stores_.pins.hold(entry.digest);
    auto const provenance_pin = stores_.pins.hold(entry.provenance.value_or(entry.digest));
    if (!pin || !provenance_pin)
        co_return failure(errc::unavailable,
                          "a collection of unused files is under way: push again in a moment");
    co_await stores_.blobs.put(std::move(request.archive));
    if (request.provenance) co_await stores_.blobs.put(std::move(*request.provenance));

    auto const file = entry.file_name;
    auto added = co_await stores_.catalogue.add(
        project.id, request.channel.text(), std::move(entry), adding_for(g, request.channel, rule));
    if (added) co_return pushed{added->what, std::move(added->entry), inspected.warnings};
    // Somebody was quicker: say it in the words of the setting.
    if (added.error().code == errc::conflict) {
        auto const winner =
            co_await stores_.catalogue.find(project.id, request.channel.text(), file);
        if (winner && winner->chart == inspected.name.text())
            co_return already_published(*winner, duplicates);
    }
    co_return std::move(added).error();
}

// The published bytes stay (contracts: settled 7). A signature of these very bytes is published as
// if it came alone. One of other bytes has no place; a job that packs and signs anew when it is
// retried still succeeds where the first try was signed.
task<result<pushed>> push_chart::push_again(auth::grant const& g, push_request request,
                                            storage::catalogue_entry published,
                                            std::vector<std::string> warnings) {
    constexpr auto unchanged = storage::added::outcome::unchanged;
    bool const same_bytes = published.digest == request.archive.digest();
    if (request.provenance && same_bytes) {
        PILOTHOUSE_CO_TRY(auto entry,
                          co_await attach_(g, request.channel, std::move(*request.provenance)));
        co_return pushed{unchanged, std::move(entry), std::move(warnings)};
    }
    if (request.provenance && !published.provenance)
        co_return failure(
            errc::invalid_provenance,
            published.file_name +
                " is published with the same content in another archive, which this provenance "
                "does not sign: sign the published file, SHA-256 " +
                published.digest.hex());
    co_return pushed{unchanged, std::move(published), std::move(warnings)};
}

}  // namespace pilothouse::registry
