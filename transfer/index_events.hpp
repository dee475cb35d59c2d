// Picks the entries out of an index as its nodes come by, whatever language it is written in.
#pragma once

#include "transfer/foreign_index.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::transfer {

// Thrown by it; not kept in any interface of ours.
struct index_stop {
    failure why;
};

class index_events {
public:
    explicit index_events(std::size_t entries_max) : entries_max_(entries_max) {}

    // A scalar, key or value: as Helm takes it for text, and as it is written, which is what
    // digests, times and URLs are taken by.
    void scalar(std::string_view text, std::string_view written);
    // A node that stands for another one written before: of no use in its place.
    void alias();
    void begin_list() { begin(false); }
    void begin_map() { begin(true); }
    void end();

    // Once, at the end. errc::invalid_argument: it was no index.
    [[nodiscard]] result<std::vector<foreign_entry>> take();

private:
    struct frame {
        bool map;
        bool awaits_key;
        std::string key;
    };

    void begin(bool map);
    void finish_value();
    void take_field(std::string_view key, std::string_view text, std::string_view written);
    [[nodiscard]] bool in_entry() const;
    [[nodiscard]] bool in_urls() const;

    std::size_t entries_max_;
    std::vector<frame> open_;
    std::vector<foreign_entry> entries_;
    bool has_api_version_ = false;
};

}  // namespace pilothouse::transfer
