#include "registry/attach_provenance.hpp"

#include "chart/chart_version.hpp"
#include "chart/file_name.hpp"
#include "chart/provenance.hpp"
#include "registry/duplicates_in_force.hpp"
#include "registry/manage_protections.hpp"
#include "registry/staged_text.hpp"

#include <utility>

namespace pilothouse::registry {

task<result<storage::catalogue_entry>> attach_provenance::operator()(
    auth::grant const& g, chart::channel_name const& channel, storage::staged_file provenance) {
    g.expect({auth::permission::push_chart});
    PILOTHOUSE_CO_TRY(auto const statement, chart::parse_provenance(text_of(provenance)));
    PILOTHOUSE_CO_TRY(auto const name, chart::chart_name::parse(statement.name));
    PILOTHOUSE_CO_TRY(auto const version, chart::chart_version::parse(statement.version));
    auto const file = chart::file_name(name, version);
    if (auto const good = check_push(g, name.text()); !good) co_return good.error();

    auto const& project = g.project();
    auto entry = co_await stores_.catalogue.find(project.id, channel.text(), file);
    if (!entry)
        co_return failure(errc::not_found, "the channel holds no " + file +
                                               ": push the archive first, or both in one request");
    auto const checked = chart::check_provenance(statement, file, entry->digest);
    if (!checked) co_return checked.error();

    auto const digest = provenance.digest();
    if (entry->provenance == digest) co_return std::move(*entry);
    auto const settings = co_await stores_.channels.find(project.id, channel.text());
    auto const duplicates = rule_in_force(project, settings);
    if (entry->provenance && !duplicates.may_replace(version.prerelease()))
        co_return failure(errc::conflict,
                          file + " has another provenance already, and " + duplicates.words());

    auto const pin = stores_.pins.hold(digest);
    if (!pin)
        co_return failure(errc::unavailable,
                          "a collection of unused files is under way: push again in a moment");
    co_await stores_.blobs.put(std::move(provenance));
    auto const attached = co_await stores_.catalogue.attach_provenance(project.id, channel.text(),
                                                                       file, entry->digest, digest);
    if (!attached) co_return attached.error();
    entry->provenance = digest;
    auth::audited const thing{"Packages::Package", 0, entry->chart + " " + entry->version};
    co_await audit_.note(g, "provenance_attached", thing,
                         "in " + channel.text() + ", SHA-256 " + digest.hex());
    co_return std::move(*entry);
}

}  // namespace pilothouse::registry
