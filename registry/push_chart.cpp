#include "registry/push_chart.hpp"

#include "chart/file_name.hpp"
#include "chart/provenance.hpp"
#include "index/entry_fragment.hpp"
#include "registry/staged_text.hpp"

#include <utility>

namespace pilothouse::registry {

namespace {

storage::on_duplicate rule_for(storage::duplicates_rule rule, chart::chart_version const& version) {
    bool const replace =
        rule == storage::duplicates_rule::allow ||
        (rule == storage::duplicates_rule::prerelease_only && version.prerelease());
    return replace ? storage::on_duplicate::replace : storage::on_duplicate::refuse;
}

failure already_published(storage::catalogue_entry const& entry, storage::duplicates_rule rule) {
    bool const only_prereleases = rule == storage::duplicates_rule::prerelease_only;
    return {errc::conflict,
            entry.file_name +
                " is published with other content, and the project's setting `duplicates` is `" +
                (only_prereleases ? "prerelease_only" : "refuse") +
                "`: publish a new version, or let an administrator change the setting"};
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

push_chart::push_chart(storage::blob_store& blobs, storage::catalogue& catalogue, blob_pins& pins,
                       blocking_pool& files, clock const& time,
                       chart::inspection_limits const& limits)
    : blobs_(blobs),
      catalogue_(catalogue),
      pins_(pins),
      files_(files),
      time_(time),
      limits_(limits) {}

// Inspection before bytes, bytes before row, row before index (which the catalogue itself tells
// before it answers us). Stopped after the blobs: they are unnamed, and collected later. Stopped
// after the row: all is well. There is never a row without its bytes.
task<result<pushed>> push_chart::operator()(auth::grant const& g, push_request request) {
    auto const& project = g.project();
    auto inspect = [&] { return chart::inspect(bytes_of(request.archive), limits_); };
    PILOTHOUSE_CO_TRY(auto const inspected, co_await files_.run(inspect));

    auto entry = make_entry(inspected, request.archive, g.who(), time_.now());
    auto const rule = rule_for(project.duplicates, inspected.version);
    if (request.provenance) {
        PILOTHOUSE_CO_TRY(auto const statement,
                          chart::parse_provenance(text_of(*request.provenance)));
        auto const checked = chart::check_provenance(statement, entry.file_name, entry.digest);
        if (!checked) co_return checked.error();
        entry.provenance = request.provenance->digest();
    }

    // What is already decided is decided before a byte is stored; catalogue_.add decides again, and
    // for good.
    auto const published =
        co_await catalogue_.find(project.id, request.channel.text(), entry.file_name);
    if (published && published->chart == entry.chart) {
        bool const same = published->content == entry.content;
        if (!same && rule == storage::on_duplicate::refuse)
            co_return already_published(*published, project.duplicates);
        if (same && (!entry.provenance || published->provenance))
            co_return pushed{storage::added::outcome::unchanged, *published, inspected.warnings};
        if (same && published->digest != entry.digest)
            co_return failure(
                errc::invalid_provenance,
                entry.file_name +
                    " is published with the same content in another archive, which this "
                    "provenance does not sign: sign the published file, SHA-256 " +
                    published->digest.hex());
    }

    auto const pin = pins_.hold(entry.digest);
    auto const provenance_pin = pins_.hold(entry.provenance.value_or(entry.digest));
    if (!pin || !provenance_pin)
        co_return failure(errc::unavailable,
                          "a collection of unused files is under way: push again in a moment");
    co_await blobs_.put(std::move(request.archive));
    if (request.provenance) co_await blobs_.put(std::move(*request.provenance));

    PILOTHOUSE_CO_TRY(auto added, co_await catalogue_.add(project.id, request.channel.text(),
                                                          std::move(entry), rule));
    co_return pushed{added.what, std::move(added.entry), inspected.warnings};
}

}  // namespace pilothouse::registry
