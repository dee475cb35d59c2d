// A catalogue of index lines alone, in memory, that lets tests choose when readers see what.
#pragma once

#include "base/blocking_pool.hpp"
#include "storage/catalogue.hpp"
#include "tests/unit/index/samples.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::tests {

// put(), remove() and the observer's calls are one at a time, as in a real catalogue; scan() may
// run beside them.
class fake_catalogue final : public storage::catalogue {
public:
    explicit fake_catalogue(storage::catalogue_observer& observer) : observer_(observer) {}

    // Commits and tells the observer.
    void put(storage::project_id project, std::string const& channel, sample const& s);
    // In one commit; `between` is called in the telling, after each but the last.
    void put_together(storage::project_id project, std::string const& channel,
                      std::vector<sample> const& all, std::function<void()> const& between);
    void take(storage::project_id project, std::string const& channel, std::string const& chart,
              std::string const& version);
    void reformat(storage::project_id project, std::string const& channel,
                  storage::index_choice format);
    // Commits; the observer hears of it when the result is called.
    [[nodiscard]] std::function<void()> put_untold(storage::project_id project,
                                                   std::string const& channel, sample const& s);
    void remove_project(storage::project_id project);

    // In the order of the index.
    [[nodiscard]] std::vector<sample> rows(storage::project_id project, std::string const& channel);

    [[nodiscard]] int scans() const { return scans_; }
    // What scan() does when it has its view and has shown nothing of it: waits to be resumed where
    // `hold` is set, then calls `meanwhile` where that is.
    std::function<void(resumer<int>)> hold;
    std::function<void()> meanwhile;

    task<std::optional<storage::channel_record>> scan(storage::project_id project,
                                                      std::string channel,
                                                      storage::index_visitor visit) override;

    // Not for indexes: these throw std::logic_error.
    task<result<storage::added>> add(storage::project_id, std::string, storage::catalogue_entry,
                                     storage::adding) override;
    task<result<void>> attach_provenance(storage::project_id, std::string, std::string,
                                         sha256_digest, sha256_digest) override;
    task<result<storage::catalogue_entry>> find(storage::project_id, std::string,
                                                std::string) override;
    task<result<std::vector<storage::catalogue_entry>>> remove(storage::project_id, std::string,
                                                               std::optional<std::string>,
                                                               std::optional<std::string>) override;
    task<std::vector<storage::catalogue_entry>> list(storage::project_id, std::string,
                                                     std::optional<std::string>) override;
    task<std::vector<storage::channel_record>> channels(storage::project_id) override;
    task<std::vector<sha256_digest>> named_blobs() override;

private:
    struct channel {
        storage::channel_record record;
        std::map<std::pair<std::string, std::string>, sample> rows;
        [[nodiscard]] std::vector<sample> in_order() const;
    };
    channel& touch(storage::project_id project, std::string const& name);

    storage::catalogue_observer& observer_;
    std::mutex writing_;  // a commit and its telling
    std::mutex mutex_;    // channels_
    std::map<std::pair<storage::project_id, std::string>, channel> channels_;
    std::atomic<int> scans_ = 0;
};

}  // namespace pilothouse::tests
