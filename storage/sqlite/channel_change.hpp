// One channel while a transaction changes it.
#pragma once

#include "base/clock.hpp"
#include "storage/catalogue.hpp"
#include "storage/sqlite/database.hpp"

#include <map>
#include <string>
#include <vector>

namespace pilothouse::storage::sqlite {

// Changes rows, and keeps the packages of its project, the channel's sums, its generation and what
// its observer is to be told in step with them. Nothing of that is saved or told without finish().
class channel_change {
public:
    // `observer` may be null.
    channel_change(transaction& t, channel_record channel, instant now,
                   catalogue_observer* observer);

    void insert(catalogue_entry& entry);  // gives it its id
    void replace(catalogue_entry const& published, catalogue_entry& entry);
    // Saves the marks of `after`, which are other than those of `before`.
    void remark(catalogue_entry const& before, catalogue_entry const& after);
    void erase(catalogue_entry const& entry);
    void reconfigure(channel_settings settings);

    // Once, last: saves, and tells once the transaction is durable.
    void finish();

    [[nodiscard]] channel_record const& channel() const noexcept { return channel_; }

private:
    struct news {
        index_change::kind what;
        storage::generation generation;
        instant generated;
        std::string chart, version;
        instant created;
        std::string line;
    };
    void touch(std::string const& chart);
    void count_in(catalogue_entry const& entry);
    void note(index_change::kind what, catalogue_entry const& entry);

    transaction& transaction_;
    channel_record channel_;
    instant now_;
    catalogue_observer* observer_;
    std::map<std::string, bool> held_before_;  // charts that were touched
    std::vector<news> news_;
};

}  // namespace pilothouse::storage::sqlite
