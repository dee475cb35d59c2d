// Changes of one channel in memory, counted and told.
#pragma once

#include "storage/memory/memory_state.hpp"

#include <string>
#include <vector>

namespace pilothouse::storage::memory {

// Null where there is none.
[[nodiscard]] memory_channel* find_channel(memory_state& state, project_id project,
                                           std::string const& name);
// Makes it where there is none.
[[nodiscard]] memory_channel& make_channel(memory_state& state, project_id project,
                                           std::string const& name);
[[nodiscard]] catalogue_entry* find_entry(memory_channel& channel, std::string const& file_name);
[[nodiscard]] catalogue_entry without_fragment(catalogue_entry entry);

// Used under the state's lock; all changes are told when it goes.
class shelf {
public:
    shelf(memory_state& state, memory_channel& channel) : state_(state), channel_(channel) {}
    ~shelf();
    shelf(shelf const&) = delete;
    shelf& operator=(shelf const&) = delete;

    void insert(catalogue_entry& entry);  // gives it its id
    void replace(catalogue_entry const& published, catalogue_entry& entry);
    void remark(catalogue_entry& published, catalogue_entry const& after);
    void erase(catalogue_entry entry);
    void reconfigure(channel_settings settings);

private:
    struct news {
        index_change::kind what;
        storage::generation generation;
        instant generated;
        std::string chart, version;
        instant created;
        std::string line;
    };
    void enter_package(catalogue_entry const& entry);
    void leave_package(catalogue_entry const& entry);
    void put(catalogue_entry const& entry);
    // One generation more, and to be told.
    void note(index_change::kind what, catalogue_entry const& entry);

    memory_state& state_;
    memory_channel& channel_;
    std::vector<news> news_;
};

}  // namespace pilothouse::storage::memory
