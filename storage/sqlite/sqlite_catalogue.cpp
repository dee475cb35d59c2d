#include "storage/sqlite/sqlite_catalogue.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

channel_record read_channel(rows const& r) {
    channel_record c;
    c.id = {r.integer(0)};
    c.project = {r.integer(1)};
    c.name = r.text(2);
    c.generation = r.integer(3);
    c.generated = r.time(4);
    c.versions = r.integer(5);
    c.charts = r.integer(6);
    c.size_bytes = static_cast<std::uint64_t>(r.integer(7));
    return c;
}

catalogue_entry read_entry(rows const& r) {
    catalogue_entry e;
    e.id = {r.integer(0)};
    e.chart = r.text(1);
    e.version = r.text(2);
    e.precedence_key = r.text(3);
    e.file_name = r.text(4);
    e.digest = r.digest(5);
    e.size_bytes = static_cast<std::uint64_t>(r.integer(6));
    e.content = r.digest(7);
    if (!r.null(8)) e.provenance = r.digest(8);
    e.created = r.time(9);
    e.created_by = r.integer(10);
    return e;
}

failure no_such_version() { return {errc::not_found, "the channel holds no such version"}; }

}  // namespace

std::optional<channel_record> sqlite_catalogue::find_channel(connection& c, project_id project,
                                                             std::string_view name) {
    auto r = c.run(channel_by_name, project, name);
    if (!r.next()) return std::nullopt;
    return read_channel(r);
}

std::optional<catalogue_entry> sqlite_catalogue::find_entry(connection& c, channel_id channel,
                                                            std::string_view file_name) {
    auto r = c.run(entry_by_file, channel, file_name);
    if (!r.next()) return std::nullopt;
    auto entry = read_entry(r);
    entry.fragment = r.text(11);
    return entry;
}

std::vector<catalogue_entry> sqlite_catalogue::list_entries(
    connection& c, channel_id channel, std::optional<std::string> const& chart) {
    std::vector<catalogue_entry> entries;
    auto r = chart ? c.run(entries_of_chart, channel, *chart) : c.run(entries_of_channel, channel);
    while (r.next()) entries.push_back(read_entry(r));
    return entries;
}

bool sqlite_catalogue::holds_chart(connection& c, channel_id channel, std::string_view chart) {
    return c.run(chart_exists, channel, chart).next();
}

result<channel_record> sqlite_catalogue::make_channel(connection& c, project_id project,
                                                      std::string const& name) {
    if (auto found = find_channel(c, project, name)) return std::move(*found);
    if (!c.run(project_exists, project).next())
        return failure(errc::not_found, "there is no such project");
    c.execute(insert_channel, project, name);
    channel_record made;
    made.id = {c.last_inserted()};
    made.project = project;
    made.name = name;
    return made;
}

void sqlite_catalogue::save(connection& c, channel_record const& channel) {
    c.execute(update_channel, channel.generation, channel.generated, channel.versions,
              channel.charts, channel.size_bytes, channel.id);
}

task<result<added>> sqlite_catalogue::add(project_id project, std::string channel,
                                          catalogue_entry entry, on_duplicate rule) {
    co_return co_await db_.write([&](transaction& t) -> result<added> {
        PILOTHOUSE_TRY(auto record, make_channel(t.on(), project, channel));
        auto published = find_entry(t.on(), record.id, entry.file_name);
        if (!published) return publish(t, std::move(record), std::move(entry));
        if (published->chart != entry.chart)
            return failure(errc::conflict, entry.file_name + " is already the file name of chart " +
                                               published->chart + ", version " +
                                               published->version);
        if (published->content == entry.content) return keep(t.on(), std::move(*published), entry);
        if (rule == on_duplicate::refuse)
            return failure(errc::conflict,
                           entry.file_name + " is already published with other content");
        return replace(t, std::move(record), *published, std::move(entry));
    });
}

added sqlite_catalogue::publish(transaction& t, channel_record channel, catalogue_entry entry) {
    bool const first_of_chart = !holds_chart(t.on(), channel.id, entry.chart);
    t.on().execute(insert_version, channel.id, entry.chart, entry.version,
                   blob_view{entry.precedence_key}, entry.file_name, entry.digest, entry.size_bytes,
                   entry.content, entry.provenance, entry.created, entry.created_by,
                   entry.fragment);
    entry.id = {t.on().last_inserted()};

    ++channel.versions;
    channel.charts += first_of_chart ? 1 : 0;
    channel.size_bytes += entry.size_bytes;
    ++channel.generation;
    channel.generated = later_than(channel.generated);
    save(t.on(), channel);
    tell_put(t, channel, entry);
    return {added::outcome::created, std::move(entry)};
}

added sqlite_catalogue::replace(transaction& t, channel_record channel,
                                catalogue_entry const& published, catalogue_entry entry) {
    entry.id = published.id;
    t.on().execute(replace_version, entry.digest, entry.size_bytes, entry.content, entry.provenance,
                   entry.created, entry.created_by, entry.fragment, entry.id);

    channel.size_bytes += entry.size_bytes - published.size_bytes;
    ++channel.generation;
    channel.generated = later_than(channel.generated);
    save(t.on(), channel);
    tell_put(t, channel, entry);
    return {added::outcome::replaced, std::move(entry)};
}

// The published bytes stay; only a signature of these very bytes may still come.
added sqlite_catalogue::keep(connection& c, catalogue_entry published,
                             catalogue_entry const& offered) {
    if (!published.provenance && offered.provenance && offered.digest == published.digest) {
        c.execute(name_provenance, offered.provenance, published.id);
        published.provenance = offered.provenance;
    }
    return {added::outcome::unchanged, std::move(published)};
}

task<result<void>> sqlite_catalogue::attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) {
    co_return co_await db_.write([&](transaction& t) -> result<void> {
        auto const record = find_channel(t.on(), project, channel);
        if (!record) return no_such_version();
        auto const entry = find_entry(t.on(), record->id, file_name);
        if (!entry) return no_such_version();
        if (entry->digest != archive)
            return failure(errc::conflict, file_name + " was replaced meanwhile");
        t.on().execute(name_provenance, provenance, entry->id);
        return {};
    });
}

task<result<catalogue_entry>> sqlite_catalogue::find(project_id project, std::string channel,
                                                     std::string file_name) {
    co_return co_await db_.read([&](connection& c) -> result<catalogue_entry> {
        auto const record = find_channel(c, project, channel);
        if (!record) return no_such_version();
        auto entry = find_entry(c, record->id, file_name);
        if (!entry) return no_such_version();
        return std::move(*entry);
    });
}

task<std::vector<catalogue_entry>> sqlite_catalogue::remove(project_id project, std::string channel,
                                                            std::optional<std::string> chart,
                                                            std::optional<std::string> version) {
    using entries = std::vector<catalogue_entry>;
    auto removed = co_await db_.write([&](transaction& t) -> result<entries> {
        auto record = find_channel(t.on(), project, channel);
        if (!record) return entries();
        auto doomed = list_entries(t.on(), record->id, chart);
        if (version)
            std::erase_if(doomed, [&](catalogue_entry const& e) { return e.version != *version; });
        if (doomed.empty()) return doomed;
        record->generated = later_than(record->generated);
        tell_removed(t, *record, doomed);

        for (std::size_t i = 0; i < doomed.size(); ++i) {
            auto const& e = doomed[i];
            t.on().execute(delete_version, e.id);
            record->size_bytes -= e.size_bytes;
            bool const last_of_group = i + 1 == doomed.size() || doomed[i + 1].chart != e.chart;
            if (last_of_group && !holds_chart(t.on(), record->id, e.chart)) --record->charts;
        }
        auto const count = static_cast<std::int64_t>(doomed.size());
        record->versions -= count;
        record->generation += count;
        record->generated += std::chrono::nanoseconds(count - 1);
        save(t.on(), *record);
        return doomed;
    });
    co_return std::move(*removed);
}

task<std::vector<catalogue_entry>> sqlite_catalogue::list(project_id project, std::string channel,
                                                          std::optional<std::string> chart) {
    co_return co_await db_.read([&](connection& c) {
        auto const record = find_channel(c, project, channel);
        return record ? list_entries(c, record->id, chart) : std::vector<catalogue_entry>();
    });
}

task<std::vector<channel_record>> sqlite_catalogue::channels(project_id project) {
    co_return co_await db_.read([&](connection& c) {
        std::vector<channel_record> all;
        auto r = c.run(channels_in_use, project);
        while (r.next()) all.push_back(read_channel(r));
        return all;
    });
}

task<std::optional<channel_record>> sqlite_catalogue::scan(project_id project, std::string channel,
                                                           index_visitor visit) {
    co_return co_await db_.read([&](connection& c) {
        auto record = find_channel(c, project, channel);
        if (!record) return record;
        auto r = c.run(index_of_channel, record->id);
        while (r.next()) visit({r.bytes(0), r.bytes(1), r.time(2), r.bytes(3)});
        return record;
    });
}

task<std::vector<sha256_digest>> sqlite_catalogue::named_blobs() {
    co_return co_await db_.read([](connection& c) {
        std::vector<sha256_digest> all;
        auto r = c.run(digests_named);
        while (r.next()) all.push_back(r.digest(0));
        return all;
    });
}

void sqlite_catalogue::tell_put(transaction& t, channel_record const& channel,
                                catalogue_entry const& entry) {
    if (observer_ == nullptr) return;
    t.after_commit([this, channel, chart = entry.chart, version = entry.version,
                    created = entry.created, fragment = entry.fragment] {
        observer_->changed({index_change::kind::put, channel.project, channel.name,
                            channel.generation, channel.generated, chart, version, created,
                            fragment});
    });
}

// Each version that goes is one generation more than the channel has yet, and, after the first, a
// nanosecond later.
void sqlite_catalogue::tell_removed(transaction& t, channel_record const& channel,
                                    std::vector<catalogue_entry> const& removed) {
    if (observer_ == nullptr) return;
    std::vector<std::pair<std::string, std::string>> gone;
    gone.reserve(removed.size());
    for (auto const& e : removed) gone.emplace_back(e.chart, e.version);
    t.after_commit([this, channel, gone = std::move(gone)] {
        auto generation = channel.generation;
        auto generated = channel.generated;
        for (auto const& [chart, version] : gone) {
            observer_->changed({index_change::kind::removed,
                                channel.project,
                                channel.name,
                                ++generation,
                                generated,
                                chart,
                                version,
                                {},
                                {}});
            generated += std::chrono::nanoseconds(1);
        }
    });
}

// The clock may go back or stand still; a channel's time of change does not.
instant sqlite_catalogue::later_than(instant last) const {
    return std::max(last + std::chrono::nanoseconds(1), time_.now());
}

}  // namespace pilothouse::storage::sqlite
