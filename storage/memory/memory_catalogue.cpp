#include "storage/memory/memory_stores.hpp"

#include <algorithm>
#include <chrono>
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

catalogue_entry without_fragment(catalogue_entry entry) {
    entry.fragment.clear();
    return entry;
}

failure no_such_version() { return {errc::not_found, "the channel holds no such version"}; }

}  // namespace

memory_channel* memory_catalogue::find_channel(project_id project, std::string const& name) {
    auto const found = state_.channels.find({project, name});
    return found == state_.channels.end() ? nullptr : &found->second;
}

catalogue_entry* memory_catalogue::find_entry(project_id project, std::string const& channel,
                                              std::string const& file_name) {
    auto* const c = find_channel(project, channel);
    if (c == nullptr) return nullptr;
    auto const found = c->by_file.find(file_name);
    return found == c->by_file.end() ? nullptr : &found->second;
}

void memory_catalogue::count_in(memory_channel& channel, catalogue_entry const& entry) {
    auto& r = channel.record;
    ++r.versions;
    r.size_bytes += entry.size_bytes;
    if (++channel.charts[entry.chart] == 1) ++r.charts;
}

void memory_catalogue::count_out(memory_channel& channel, catalogue_entry const& entry) {
    auto& r = channel.record;
    --r.versions;
    r.size_bytes -= entry.size_bytes;
    if (--channel.charts[entry.chart] == 0) --r.charts;
}

void memory_catalogue::change(memory_channel& channel, index_change::kind what,
                              catalogue_entry const& entry) {
    auto& r = channel.record;
    ++r.generation;
    r.generated = std::max(r.generated + std::chrono::nanoseconds(1), state_.time.now());
    if (state_.on_catalogue == nullptr) return;
    bool const put = what == index_change::kind::put;
    state_.on_catalogue->changed({what, r.project, r.name, r.generation, r.generated, entry.chart,
                                  entry.version, put ? entry.created : instant(),
                                  put ? std::string_view(entry.fragment) : std::string_view()});
}

task<result<added>> memory_catalogue::add(project_id project, std::string channel,
                                          catalogue_entry entry, on_duplicate rule) {
    std::lock_guard lock(state_.mutex);
    if (!state_.projects.contains(project))
        co_return failure(errc::not_found, "there is no such project");
    auto outcome = added::outcome::created;
    entry.id = {++state_.last_id};
    if (auto* const published = find_entry(project, channel, entry.file_name)) {
        if (published->chart != entry.chart)
            co_return failure(errc::conflict,
                              entry.file_name + " is already the file name of chart " +
                                  published->chart + ", version " + published->version);
        if (published->content == entry.content) {
            if (!published->provenance && published->digest == entry.digest)
                published->provenance = entry.provenance;
            co_return added{added::outcome::unchanged, *published};
        }
        if (rule == on_duplicate::refuse)
            co_return failure(errc::conflict,
                              entry.file_name + " is already published with other content");
        outcome = added::outcome::replaced;
        entry.id = published->id;
    }
    auto& c = state_.channels[{project, channel}];
    if (c.record.id.value == 0) {
        c.record.id = {++state_.last_id};
        c.record.project = project;
        c.record.name = channel;
    }
    if (outcome == added::outcome::replaced) count_out(c, c.by_file[entry.file_name]);
    count_in(c, entry);
    c.by_file.insert_or_assign(entry.file_name, entry);
    change(c, index_change::kind::put, entry);
    co_return added{outcome, std::move(entry)};
}

task<result<void>> memory_catalogue::attach_provenance(project_id project, std::string channel,
                                                       std::string file_name, sha256_digest archive,
                                                       sha256_digest provenance) {
    std::lock_guard lock(state_.mutex);
    auto* const entry = find_entry(project, channel, file_name);
    if (entry == nullptr) co_return no_such_version();
    if (entry->digest != archive)
        co_return failure(errc::conflict, file_name + " was replaced meanwhile");
    entry->provenance = provenance;
    co_return result<void>();
}

task<result<catalogue_entry>> memory_catalogue::find(project_id project, std::string channel,
                                                     std::string file_name) {
    std::lock_guard lock(state_.mutex);
    auto* const entry = find_entry(project, channel, file_name);
    if (entry == nullptr) co_return no_such_version();
    co_return *entry;
}

task<std::vector<catalogue_entry>> memory_catalogue::remove(project_id project, std::string channel,
                                                            std::optional<std::string> chart,
                                                            std::optional<std::string> version) {
    std::lock_guard lock(state_.mutex);
    std::vector<catalogue_entry> removed;
    auto* const c = find_channel(project, channel);
    if (c == nullptr) co_return removed;
    for (auto const* const entry : in_order(*c, chart)) {
        if (!version || entry->version == *version) removed.push_back(without_fragment(*entry));
    }
    for (auto const& entry : removed) {
        c->by_file.erase(entry.file_name);
        count_out(*c, entry);
        change(*c, index_change::kind::removed, entry);
    }
    co_return removed;
}

task<std::vector<catalogue_entry>> memory_catalogue::list(project_id project, std::string channel,
                                                          std::optional<std::string> chart) {
    std::lock_guard lock(state_.mutex);
    std::vector<catalogue_entry> all;
    auto* const c = find_channel(project, channel);
    if (c == nullptr) co_return all;
    for (auto const* const entry : in_order(*c, chart)) all.push_back(without_fragment(*entry));
    co_return all;
}

task<std::vector<channel_record>> memory_catalogue::channels(project_id project) {
    std::lock_guard lock(state_.mutex);
    std::vector<channel_record> all;
    for (auto const& [key, c] : state_.channels) {
        if (key.first == project && !c.by_file.empty()) all.push_back(c.record);
    }
    co_return all;
}

task<std::optional<channel_record>> memory_catalogue::scan(project_id project, std::string channel,
                                                           index_visitor visit) {
    std::lock_guard lock(state_.mutex);
    auto* const c = find_channel(project, channel);
    if (c == nullptr) co_return std::nullopt;
    for (auto const* const e : in_order(*c, std::nullopt))
        visit({e->chart, e->version, e->created, e->fragment});
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
    co_return std::vector<sha256_digest>(all.begin(), all.end());
}

}  // namespace pilothouse::storage::memory
