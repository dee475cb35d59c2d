#include "storage/memory/memory_catalogue.hpp"
#include "storage/memory/memory_quota.hpp"
#include "storage/memory/memory_shelf.hpp"
#include "storage/publishing.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace pilothouse::storage::memory {

namespace {

bool in_index_order(catalogue_entry const* a, catalogue_entry const* b) {
    return std::tie(a->chart, b->precedence_key, b->created, a->version) <
           std::tie(b->chart, a->precedence_key, a->created, b->version);
}

std::vector<catalogue_entry const*> in_order(memory_channel const& channel,
                                             std::optional<std::string> const& chart) {
    std::vector<catalogue_entry const*> entries;
    for (auto const& [file, entry] : channel.by_file) {
        if (!chart || entry.chart == *chart) entries.push_back(&entry);
    }
    std::sort(entries.begin(), entries.end(), in_index_order);
    return entries;
}

failure no_such_version() { return {errc::not_found, "the channel holds no such version"}; }

void note(memory_state& state, project_id project, audit_event event,
          catalogue_entry const& entry) {
    event.id = {++state.last_id};
    event.thing = state.packages.at({project, entry.chart, entry.version}).id.value;
    state.events.push_back(std::move(event));
}

}  // namespace

task<result<added>> memory_catalogue::add(project_id project, std::string channel,
                                          catalogue_entry entry, adding how) {
    std::lock_guard lock(state_.mutex);
    if (!state_.projects.contains(project))
        co_return failure(errc::not_found, "there is no such project");
    auto what = added::outcome::created;
    auto* const c = find_channel(state_, project, channel);
    auto* const published = c != nullptr ? find_entry(*c, entry.file_name) : nullptr;
    if (c != nullptr) {
        if (auto const open = check_writable(c->record); !open) co_return open.error();
    }
    if (published != nullptr) {
        PILOTHOUSE_CO_TRY(what, judge(*published, entry, how.rule));
    }
    if (what == added::outcome::unchanged) {
        if (takes_provenance(*published, entry)) published->provenance = entry.provenance;
        co_return added{what, *published};
    }
    auto const [before, limit] = read_quota(state_, project);
    auto after = before;
    after.bytes += entry.size_bytes;
    if (what == added::outcome::replaced)
        after.bytes -= published->size_bytes;
    else
        ++after.versions;
    if (auto const fits = check_quota(limit, before, after); !fits) co_return fits.error();
    shelf place(state_, make_channel(state_, project, channel));
    if (what == added::outcome::replaced)
        place.replace(*published, entry);
    else
        place.insert(entry);
    added done{what, std::move(entry)};
    if (how.event) note(state_, project, how.event(done), done.entry);
    if (how.announce) announce(state_, project, occasion::push, [&] { return how.announce(done); });
    co_return done;
}

task<result<void>> memory_catalogue::attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) {
    std::lock_guard lock(state_.mutex);
    auto* const c = find_channel(state_, project, channel);
    if (c == nullptr) co_return no_such_version();
    if (auto const open = check_writable(c->record); !open) co_return open.error();
    auto* const entry = find_entry(*c, file_name);
    if (entry == nullptr) co_return no_such_version();
    if (entry->digest != archive)
        co_return failure(errc::conflict, file_name + " was replaced meanwhile");
    entry->provenance = provenance;
    co_return result<void>();
}

task<result<catalogue_entry>> memory_catalogue::find(project_id project, std::string channel,
                                                     std::string file_name) {
    std::lock_guard lock(state_.mutex);
    auto* const c = find_channel(state_, project, channel);
    auto* const entry = c != nullptr ? find_entry(*c, file_name) : nullptr;
    if (entry == nullptr) co_return no_such_version();
    co_return *entry;
}

task<result<std::vector<catalogue_entry>>> memory_catalogue::remove(
    project_id project, std::string channel, std::optional<std::string> chart,
    std::optional<std::string> version) {
    std::lock_guard lock(state_.mutex);
    std::vector<catalogue_entry> removed;
    auto* const c = find_channel(state_, project, channel);
    if (c == nullptr) co_return removed;
    if (auto const open = check_writable(c->record); !open) co_return open.error();
    for (auto const* const entry : in_order(*c, chart)) {
        if (!version || entry->version == *version) removed.push_back(without_fragment(*entry));
    }
    shelf place(state_, *c);
    for (auto const& entry : removed) place.erase(entry);
    co_return removed;
}

task<std::vector<catalogue_entry>> memory_catalogue::list(project_id project, std::string channel,
                                                          std::optional<std::string> chart) {
    std::lock_guard lock(state_.mutex);
    std::vector<catalogue_entry> all;
    auto* const c = find_channel(state_, project, channel);
    if (c == nullptr) co_return all;
    for (auto const* const entry : in_order(*c, chart)) all.push_back(without_fragment(*entry));
    co_return all;
}

task<std::vector<channel_record>> memory_catalogue::channels(project_id project) {
    std::lock_guard lock(state_.mutex);
    std::vector<channel_record> all;
    for (auto const& [key, c] : state_.channels) {
        bool const in_use = !c.by_file.empty() || c.record.settings != channel_settings();
        if (key.first == project && in_use) all.push_back(c.record);
    }
    co_return all;
}

task<std::optional<channel_record>> memory_catalogue::scan(project_id project, std::string channel,
                                                           index_visitor visit) {
    std::lock_guard lock(state_.mutex);
    auto* const c = find_channel(state_, project, channel);
    if (c == nullptr) co_return std::nullopt;
    for (auto const* const e : in_order(*c, std::nullopt)) {
        if (!e->yanked) visit({e->chart, e->version, e->created, e->line()});
    }
    co_return c->record;
}

task<std::vector<sha256_digest>> memory_catalogue::named_blobs() {
    std::lock_guard lock(state_.mutex);
    std::set<sha256_digest> all;
    for (auto const& [key, c] : state_.channels) {
        for (auto const& [file, entry] : c.by_file) {
            all.insert(entry.digest);
            if (entry.provenance) all.insert(*entry.provenance);
        }
    }
    for (auto const& [id, release] : state_.releases)
        if (!release.gone) all.insert(release.source.archive);
    for (auto const& [number, operation] : state_.operations) {
        auto const& o = operation.record;
        if (o.state != operation_state::done && o.source) all.insert(o.source->archive);
    }
    co_return std::vector<sha256_digest>(all.begin(), all.end());
}

}  // namespace pilothouse::storage::memory
