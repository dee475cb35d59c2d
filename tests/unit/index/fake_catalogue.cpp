#include "tests/unit/index/fake_catalogue.hpp"

#include <algorithm>
#include <stdexcept>

namespace pilothouse::tests {

namespace {

[[noreturn]] void not_here() { throw std::logic_error("not for indexes"); }

storage::index_change change_of(storage::channel_record const& record, sample const& s,
                                storage::index_change::kind what) {
    storage::index_change change;
    change.what = what;
    change.project = record.project;
    change.channel = record.name;
    change.generation = record.generation;
    change.generated = record.generated;
    change.chart = s.chart;
    change.version = s.version;
    change.created = s.created;
    change.fragment = s.fragment;
    return change;
}

}  // namespace

std::vector<sample> fake_catalogue::channel::in_order() const {
    std::vector<sample> all;
    for (auto const& [key, row] : rows) all.push_back(row);
    std::sort(all.begin(), all.end(), comes_before);
    return all;
}

// One more generation, a second later than the one before.
fake_catalogue::channel& fake_catalogue::touch(storage::project_id project,
                                               std::string const& name) {
    channel& c = channels_[{project, name}];
    c.record.project = project;
    c.record.name = name;
    ++c.record.generation;
    c.record.generated = instant(std::chrono::seconds(1'800'000'000 + c.record.generation));
    return c;
}

void fake_catalogue::put(storage::project_id project, std::string const& name, sample const& s) {
    std::lock_guard writing(writing_);
    storage::channel_record record;
    {
        std::lock_guard lock(mutex_);
        channel& c = touch(project, name);
        c.rows[{s.chart, s.version}] = s;
        record = c.record;
    }
    observer_.changed(change_of(record, s, storage::index_change::kind::put));
}

void fake_catalogue::put_together(storage::project_id project, std::string const& name,
                                  std::vector<sample> const& all,
                                  std::function<void()> const& between) {
    std::lock_guard writing(writing_);
    std::vector<storage::channel_record> records;
    {
        std::lock_guard lock(mutex_);
        for (auto const& s : all) {
            channel& c = touch(project, name);
            c.rows[{s.chart, s.version}] = s;
            records.push_back(c.record);
        }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        auto change = change_of(records[i], all[i], storage::index_change::kind::put);
        change.more = i + 1 < all.size();
        observer_.changed(change);
        if (change.more) between();
    }
}

std::function<void()> fake_catalogue::put_untold(storage::project_id project,
                                                 std::string const& name, sample const& s) {
    std::lock_guard lock(mutex_);
    channel& c = touch(project, name);
    c.rows[{s.chart, s.version}] = s;
    return [this, record = c.record, s] {
        observer_.changed(change_of(record, s, storage::index_change::kind::put));
    };
}

void fake_catalogue::take(storage::project_id project, std::string const& name,
                          std::string const& chart, std::string const& version) {
    std::lock_guard writing(writing_);
    storage::channel_record record;
    {
        std::lock_guard lock(mutex_);
        channel& c = touch(project, name);
        c.rows.erase({chart, version});
        record = c.record;
    }
    sample const gone{chart, version, {}, {}};
    observer_.changed(change_of(record, gone, storage::index_change::kind::removed));
}

void fake_catalogue::reformat(storage::project_id project, std::string const& name,
                              storage::index_choice format) {
    std::lock_guard writing(writing_);
    storage::channel_record record;
    {
        std::lock_guard lock(mutex_);
        channel& c = touch(project, name);
        c.record.settings.index_format = format;
        record = c.record;
    }
    observer_.changed(change_of(record, {}, storage::index_change::kind::reformatted));
}

void fake_catalogue::remove_project(storage::project_id project) {
    std::lock_guard writing(writing_);
    {
        std::lock_guard lock(mutex_);
        std::erase_if(channels_, [&](auto const& c) { return c.first.first == project; });
    }
    storage::index_change change;
    change.what = storage::index_change::kind::project_removed;
    change.project = project;
    observer_.changed(change);
}

std::vector<sample> fake_catalogue::rows(storage::project_id project, std::string const& name) {
    std::lock_guard lock(mutex_);
    return channels_[{project, name}].in_order();
}

task<std::optional<storage::channel_record>> fake_catalogue::scan(storage::project_id project,
                                                                  std::string name,
                                                                  storage::index_visitor visit) {
    ++scans_;
    std::optional<storage::channel_record> record;
    std::vector<sample> view;
    {
        std::lock_guard lock(mutex_);
        auto const found = channels_.find({project, name});
        if (found != channels_.end()) {
            record = found->second.record;
            view = found->second.in_order();
        }
    }
    if (hold) (void)co_await suspend_for<int>(hold);
    if (meanwhile) meanwhile();
    for (sample const& s : view) visit({s.chart, s.version, s.created, s.fragment});
    co_return record;
}

task<result<storage::added>> fake_catalogue::add(storage::project_id, std::string,
                                                 storage::catalogue_entry, storage::adding) {
    not_here();
}
task<result<void>> fake_catalogue::attach_provenance(storage::project_id, std::string, std::string,
                                                     sha256_digest, sha256_digest) {
    not_here();
}
task<result<storage::catalogue_entry>> fake_catalogue::find(storage::project_id, std::string,
                                                            std::string) {
    not_here();
}
task<result<std::vector<storage::catalogue_entry>>> fake_catalogue::remove(
    storage::project_id, std::string, std::optional<std::string>, std::optional<std::string>) {
    not_here();
}
task<std::vector<storage::catalogue_entry>> fake_catalogue::list(storage::project_id, std::string,
                                                                 std::optional<std::string>) {
    not_here();
}
task<std::vector<storage::channel_record>> fake_catalogue::channels(storage::project_id) {
    not_here();
}
task<std::vector<sha256_digest>> fake_catalogue::named_blobs() { not_here(); }

}  // namespace pilothouse::tests
