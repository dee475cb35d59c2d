// All entries of one channel's index, in order, as groups shared between snapshots.
#pragma once

#include "index/index_group.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::index {

using group_pointer = std::shared_ptr<index_group const>;

// A value: copying one copies pointers, so the copy that a change needs costs next to nothing. The
// order is the catalogue's (storage::index_visitor): charts bytewise; of one chart precedence and
// then `created`, both descending, then the version's text ascending.
//
// Where one group ends and the next begins is decided by the entries alone, not by the order in
// which they came: the groups, and all that is made of them, are the same after a restart and in
// every replica, but where one grew so large that it was cut in two. A group holds 32 KiB on
// average; a change renders one anew, at most three.
class group_list {
public:
    explicit group_list(index_format format) : form_(&form_of(format)) {}

    // Puts an entry in its place; one of the same chart and version goes. O(log n) and one group.
    // Throws std::runtime_error when its text is not that of its chart and version.
    void put(index_entry const& entry);
    void remove(std::string_view chart, std::string_view version);
    // The view lives as long as the group that holds the entry: as this list, or a copy of it.
    [[nodiscard]] std::optional<index_entry> find(std::string_view chart,
                                                  std::string_view version) const;

    [[nodiscard]] index_form const& form() const noexcept { return *form_; }
    [[nodiscard]] std::span<group_pointer const> groups() const noexcept { return groups_; }
    [[nodiscard]] std::size_t entries() const noexcept { return entries_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }  // of all groups' text

private:
    friend class group_list_builder;

    // An entry's place; that after the last one is {groups_.size(), 0}.
    struct place {
        std::size_t group, index;
    };
    // The first entry for which `before` is false; true ones must all stand before it.
    [[nodiscard]] place first_not(std::function<bool(index_entry const&)> const& before) const;
    [[nodiscard]] std::optional<place> place_of(std::string_view chart,
                                                std::string_view version) const;
    [[nodiscard]] std::vector<index_entry> entries_of(std::size_t group) const;
    void rewrite(std::size_t group, std::vector<index_entry> entries);
    void append(std::span<index_entry const> entries, std::string_view chart_before,
                std::vector<group_pointer>& out) const;
    void splice(std::size_t first, std::size_t last, std::vector<group_pointer> const& groups);

    index_form const* form_;
    std::vector<group_pointer> groups_;
    std::size_t entries_ = 0;
    std::uint64_t bytes_ = 0;
};

// Makes a list of entries that come in order. Not thread-safe.
class group_list_builder {
public:
    explicit group_list_builder(index_format format) : list_(format) {}

    // The views need to live for the call only. Throws as group_list::put does.
    void add(index_entry const& entry);
    // All entries of a group of another list of the same form, where `chart_before` is the last
    // chart in front of it. Shares the group where it may stand as it is.
    void add(group_pointer const& group, std::string_view chart_before);
    [[nodiscard]] group_list finish();

    // Of the groups so far that are nobody else's; after finish(): of all.
    [[nodiscard]] std::uint64_t rendered_bytes() const noexcept { return rendered_bytes_; }

private:
    struct kept {
        std::string chart, version, text;
        instant created;
    };
    void flush();
    [[nodiscard]] std::string_view last_chart() const;  // of the groups made

    group_list list_;
    std::vector<kept> pending_;  // what will be one group
    std::uint64_t rendered_bytes_ = 0;
};

}  // namespace pilothouse::index
