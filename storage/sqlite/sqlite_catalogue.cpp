#include "storage/sqlite/sqlite_catalogue.hpp"

#include "storage/publishing.hpp"
#include "storage/sqlite/catalogue_tables.hpp"
#include "storage/sqlite/channel_change.hpp"
#include "storage/sqlite/package_tables.hpp"
#include "storage/sqlite/quota_guard.hpp"
#include "storage/sqlite/sqlite_audit_log.hpp"
#include "storage/sqlite/sqlite_webhooks.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

failure no_such_version() { return {errc::not_found, "the channel holds no such version"}; }

void note(connection& c, project_id project, added const& done, audit_event event) {
    auto const package = tables::find_package(c, project, done.entry.chart, done.entry.version);
    if (package) event.thing = package->id.value;
    tables::note_event(c, event);
}

}  // namespace

task<result<added>> sqlite_catalogue::add(project_id project, std::string channel,
                                          catalogue_entry entry, adding how) {
    co_return co_await db_.write([&](transaction& t) -> result<added> {
        PILOTHOUSE_TRY(auto record, tables::make_channel(t.on(), project, channel));
        if (auto const open = check_writable(record); !open) return open.error();
        auto published = tables::find_entry(t.on(), record.id, entry.file_name);
        channel_change change(t, std::move(record), time_.now(), observer_);
        quota_guard quota(t.on(), project);
        auto what = added::outcome::created;
        if (published) {
            PILOTHOUSE_TRY(what, judge(*published, entry, how.rule));
        }
        switch (what) {
            case added::outcome::unchanged:
                // The published bytes stay; only a signature of these very bytes may still come.
                if (takes_provenance(*published, entry)) {
                    tables::name_provenance(t.on(), published->id, entry.provenance);
                    published->provenance = entry.provenance;
                }
                return added{what, std::move(*published)};
            case added::outcome::replaced: change.replace(*published, entry); break;
            case added::outcome::created: change.insert(entry); break;
        }
        change.finish();
        if (auto const fits = quota.check(); !fits) return fits.error();
        added done{what, std::move(entry)};
        if (how.event) note(t.on(), project, done, how.event(done));
        if (how.announce)
            tables::announce(t.on(), project, occasion::push, [&] { return how.announce(done); });
        return done;
    });
}

task<result<void>> sqlite_catalogue::attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        auto const record = tables::find_channel(t.on(), project, channel);
        if (!record) return no_such_version();
        if (auto const open = check_writable(*record); !open) return open.error();
        auto const entry = tables::find_entry(t.on(), record->id, file_name);
        if (!entry) return no_such_version();
        if (entry->digest != archive)
            return failure(errc::conflict, file_name + " was replaced meanwhile");
        tables::name_provenance(t.on(), entry->id, provenance);
        return {};
    });
}

task<result<catalogue_entry>> sqlite_catalogue::find(project_id project, std::string channel,
                                                     std::string file_name) {
    co_return co_await db_.read([&](connection& c) -> result<catalogue_entry> {
        auto const record = tables::find_channel(c, project, channel);
        if (!record) return no_such_version();
        auto entry = tables::find_entry(c, record->id, file_name);
        if (!entry) return no_such_version();
        return std::move(*entry);
    });
}

task<result<std::vector<catalogue_entry>>> sqlite_catalogue::remove(
    project_id project, std::string channel, std::optional<std::string> chart,
    std::optional<std::string> version) {
    using entries = std::vector<catalogue_entry>;
    co_return co_await db_.write([&](transaction& t) -> result<entries> {
        auto record = tables::find_channel(t.on(), project, channel);
        if (!record) return entries();
        if (auto const open = check_writable(*record); !open) return open.error();
        auto doomed = tables::list_entries(t.on(), record->id, chart);
        if (version)
            std::erase_if(doomed, [&](catalogue_entry const& e) { return e.version != *version; });
        if (doomed.empty()) return doomed;
        channel_change change(t, std::move(*record), time_.now(), observer_);
        for (auto const& e : doomed) change.erase(e);
        change.finish();
        return doomed;
    });
}

task<std::vector<catalogue_entry>> sqlite_catalogue::list(project_id project, std::string channel,
                                                          std::optional<std::string> chart) {
    co_return co_await db_.read([&](connection& c) {
        auto const record = tables::find_channel(c, project, channel);
        return record ? tables::list_entries(c, record->id, chart) : std::vector<catalogue_entry>();
    });
}

task<std::vector<channel_record>> sqlite_catalogue::channels(project_id project) {
    co_return co_await db_.read([&](connection& c) { return tables::channels_in_use(c, project); });
}

task<std::optional<channel_record>> sqlite_catalogue::scan(project_id project, std::string channel,
                                                           index_visitor visit) {
    co_return co_await db_.read([&](connection& c) {
        auto record = tables::find_channel(c, project, channel);
        if (record) tables::visit_index(c, record->id, visit);
        return record;
    });
}

task<std::vector<sha256_digest>> sqlite_catalogue::named_blobs() {
    co_return co_await db_.read([](connection& c) { return tables::named_blobs(c); });
}

}  // namespace pilothouse::storage::sqlite
