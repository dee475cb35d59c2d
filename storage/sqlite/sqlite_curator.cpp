#include "storage/sqlite/sqlite_curator.hpp"

#include "storage/publishing.hpp"
#include "storage/sqlite/catalogue_tables.hpp"
#include "storage/sqlite/channel_change.hpp"
#include "storage/sqlite/quota_guard.hpp"
#include "storage/sqlite/sqlite_webhooks.hpp"

#include <utility>

namespace pilothouse::storage::sqlite {

namespace {

using entries = std::vector<catalogue_entry>;

failure gone(std::string const& file_name) {
    return {errc::not_found, "the channel holds no " + file_name};
}

}  // namespace

task<result<std::vector<added>>> sqlite_curator::copy(copy_request request) {
    co_return co_await db_.write([&](transaction& t) { return copy_within(t, request); });
}

result<std::vector<added>> sqlite_curator::copy_within(transaction& t,
                                                       copy_request const& request) {
    auto source = tables::find_channel(t.on(), request.from, request.from_channel);
    if (!source) return failure(errc::not_found, "there is no channel " + request.from_channel);
    if (auto const open = check_writable(*source); request.move && !open) return open.error();
    PILOTHOUSE_TRY(auto target, tables::make_channel(t.on(), request.to, request.to_channel));
    if (auto const open = check_writable(target); !open) return open.error();

    auto const source_id = source->id;
    auto const target_id = target.id;
    channel_change leave(t, std::move(*source), time_.now(), observer_);
    channel_change enter(t, std::move(target), time_.now(), observer_);
    quota_guard quota(t.on(), request.to);
    std::vector<added> done;
    std::vector<std::string> refused;
    for (auto const& [version, rule] : request.items) {
        auto original = tables::find_entry(t.on(), source_id, version.file_name);
        if (!original) return gone(version.file_name);
        if (auto why = why_not_copied(*original, version.archive); !why.empty()) {
            refused.push_back(std::move(why));
            continue;
        }
        auto copy = *original;
        copy.promoted = request.how;
        auto what = result<added::outcome>(added::outcome::created);
        auto published = tables::find_entry(t.on(), target_id, version.file_name);
        if (published) what = judge(*published, copy, rule);
        if (!what) {
            refused.push_back(std::move(what).error().detail);
            continue;
        }
        if (*what == added::outcome::created) enter.insert(copy);
        if (*what == added::outcome::replaced) enter.replace(*published, copy);
        if (*what == added::outcome::unchanged) {
            if (takes_provenance(*published, copy)) {
                tables::name_provenance(t.on(), published->id, copy.provenance);
                published->provenance = copy.provenance;
            }
            copy = std::move(*published);
        }
        if (request.move) leave.erase(*original);
        done.push_back({*what, std::move(copy)});
    }
    if (!refused.empty()) return cannot_copy(refused);
    enter.finish();
    leave.finish();
    if (auto const fits = quota.check(); !fits) return fits.error();
    if (request.announce && any_change(done))
        tables::announce(t.on(), request.to, occasion::promotion,
                         [&] { return request.announce(done); });
    return done;
}

task<result<entries>> sqlite_curator::mark(project_id project, std::string channel,
                                           std::vector<marking> markings) {
    co_return co_await db_.write([&](transaction& t) -> result<entries> {
        auto record = tables::find_channel(t.on(), project, channel);
        if (!record) return failure(errc::not_found, "there is no channel " + channel);
        auto const id = record->id;
        channel_change change(t, std::move(*record), time_.now(), observer_);
        entries marked;
        for (auto& m : markings) {
            auto before = tables::find_entry(t.on(), id, m.version.file_name);
            if (!before) return gone(m.version.file_name);
            if (before->digest != m.version.archive)
                return failure(errc::conflict, before->file_name + " was replaced meanwhile");
            auto after = *before;
            if (apply_mark(after, std::move(m))) change.remark(*before, after);
            marked.push_back(std::move(after));
        }
        change.finish();
        return marked;
    });
}

task<result<entries>> sqlite_curator::remove(project_id project, std::string channel,
                                             std::vector<version_state> versions) {
    co_return co_await db_.write([&](transaction& t) -> result<entries> {
        entries removed;
        auto record = tables::find_channel(t.on(), project, channel);
        if (!record) return removed;
        if (auto const open = check_writable(*record); !open) return open.error();
        auto const id = record->id;
        channel_change change(t, std::move(*record), time_.now(), observer_);
        for (auto const& version : versions) {
            auto entry = tables::find_entry(t.on(), id, version.file_name);
            if (!entry || entry->digest != version.archive) continue;
            change.erase(*entry);
            entry->fragment.clear();
            entry->deprecated_fragment.clear();
            removed.push_back(std::move(*entry));
        }
        change.finish();
        return removed;
    });
}

}  // namespace pilothouse::storage::sqlite
