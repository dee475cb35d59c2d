#include "storage/memory/memory_curator.hpp"
#include "storage/memory/memory_quota.hpp"
#include "storage/memory/memory_shelf.hpp"
#include "storage/publishing.hpp"

#include <utility>

namespace pilothouse::storage::memory {

namespace {

using entries = std::vector<catalogue_entry>;

failure gone(std::string const& file_name) {
    return {errc::not_found, "the channel holds no " + file_name};
}

}  // namespace

// Decides about all of them before it changes one.
task<result<std::vector<added>>> memory_curator::copy(copy_request request) {
    std::lock_guard lock(state_.mutex);
    auto* const source = find_channel(state_, request.from, request.from_channel);
    if (source == nullptr)
        co_return failure(errc::not_found, "there is no channel " + request.from_channel);
    if (auto const open = check_writable(source->record); request.move && !open)
        co_return open.error();
    if (!state_.projects.contains(request.to))
        co_return failure(errc::not_found, "there is no such project");
    auto& target = make_channel(state_, request.to, request.to_channel);
    if (auto const open = check_writable(target.record); !open) co_return open.error();

    auto const [before, limit] = read_quota(state_, request.to);
    auto after = before;
    std::vector<added> done;
    std::vector<std::string> refused;
    for (auto const& [version, rule] : request.items) {
        auto const* const original = find_entry(*source, version.file_name);
        if (original == nullptr) co_return gone(version.file_name);
        auto what = result<added::outcome>(added::outcome::created);
        auto const* const published = find_entry(target, version.file_name);
        auto why = why_not_copied(*original, version.archive);
        if (why.empty() && published != nullptr) what = judge(*published, *original, rule);
        if (!what) why = what.error().detail;
        if (!why.empty()) {
            refused.push_back(std::move(why));
            continue;
        }
        done.push_back({*what, *original});
        if (*what != added::outcome::unchanged) after.bytes += original->size_bytes;
        if (*what == added::outcome::created) ++after.versions;
        if (*what == added::outcome::replaced) after.bytes -= published->size_bytes;
        if (!request.move || request.from != request.to) continue;
        after.bytes -= original->size_bytes;
        --after.versions;
    }
    if (!refused.empty()) co_return cannot_copy(refused);
    if (auto const fits = check_quota(limit, before, after); !fits) co_return fits.error();

    shelf leave(state_, *source);  // goes last: nobody misses what has not come yet
    shelf enter(state_, target);
    for (auto& [what, copy] : done) {
        copy.promoted = request.how;
        auto* const published = find_entry(target, copy.file_name);
        if (what == added::outcome::created) enter.insert(copy);
        if (what == added::outcome::replaced) enter.replace(*published, copy);
        if (what != added::outcome::unchanged) continue;
        if (takes_provenance(*published, copy)) published->provenance = copy.provenance;
        copy = *published;
    }
    for (auto const& item : request.items)
        if (request.move) leave.erase(*find_entry(*source, item.version.file_name));
    if (request.announce && any_change(done))
        announce(state_, request.to, occasion::promotion, [&] { return request.announce(done); });
    co_return done;
}

task<result<entries>> memory_curator::mark(project_id project, std::string channel,
                                           std::vector<marking> markings) {
    std::lock_guard lock(state_.mutex);
    auto* const c = find_channel(state_, project, channel);
    if (c == nullptr) co_return failure(errc::not_found, "there is no channel " + channel);
    for (auto const& m : markings) {
        auto const* const entry = find_entry(*c, m.version.file_name);
        if (entry == nullptr) co_return gone(m.version.file_name);
        if (entry->digest != m.version.archive)
            co_return failure(errc::conflict, entry->file_name + " was replaced meanwhile");
    }
    shelf place(state_, *c);
    entries marked;
    for (auto& m : markings) {
        auto& entry = *find_entry(*c, m.version.file_name);
        auto after = entry;
        if (apply_mark(after, std::move(m))) place.remark(entry, after);
        marked.push_back(std::move(after));
    }
    co_return marked;
}

task<result<entries>> memory_curator::remove(project_id project, std::string channel,
                                             std::vector<version_state> versions) {
    std::lock_guard lock(state_.mutex);
    entries removed;
    auto* const c = find_channel(state_, project, channel);
    if (c == nullptr) co_return removed;
    if (auto const open = check_writable(c->record); !open) co_return open.error();
    shelf place(state_, *c);
    for (auto const& version : versions) {
        auto const* const entry = find_entry(*c, version.file_name);
        if (entry == nullptr || entry->digest != version.archive) continue;
        removed.push_back(without_fragment(*entry));
        place.erase(*entry);
    }
    co_return removed;
}

task<std::optional<channel_record>> memory_channels::find(project_id project, std::string channel) {
    std::lock_guard lock(state_.mutex);
    auto const* const c = find_channel(state_, project, channel);
    co_return c == nullptr ? std::nullopt : std::optional(c->record);
}

task<std::optional<channel_record>> memory_channels::find(channel_id id) {
    std::lock_guard lock(state_.mutex);
    auto const found = std::ranges::find(state_.channels, id,
                                         [](auto const& item) { return item.second.record.id; });
    co_return found == state_.channels.end() ? std::nullopt : std::optional(found->second.record);
}

task<result<channel_record>> memory_channels::configure(project_id project, std::string channel,
                                                        record_change<channel_settings> change) {
    std::lock_guard lock(state_.mutex);
    if (!state_.projects.contains(project))
        co_return failure(errc::not_found, "there is no such project");
    auto const* const present = find_channel(state_, project, channel);
    auto settings = present == nullptr ? channel_settings() : present->record.settings;
    if (auto const good = change(settings); !good) co_return good.error();
    auto& c = make_channel(state_, project, channel);
    shelf(state_, c).reconfigure(std::move(settings));
    co_return c.record;
}

task<quota_state> memory_channels::quota_of(project_id project) {
    std::lock_guard lock(state_.mutex);
    co_return read_quota(state_, project);
}

}  // namespace pilothouse::storage::memory
