#include "index/group_list.hpp"

#include "chart/chart_version.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace pilothouse::index {

namespace {

constexpr std::uint64_t group_bytes = 32 * 1024;  // on average
// Chance makes no group this large. Somebody who chooses his archives' digests could, and every
// change in it would cost as much; such a run is cut here, wherever that falls.
constexpr std::uint64_t group_bytes_max = 16 * group_bytes;

// Whether an entry begins a group: as likely as the entry is long. The archive's digest serves as
// the dice, because it is part of the entry and as random as can be.
bool begins_group(index_form const& form, index_entry const& entry) {
    sha256_digest const digest = digest_in(form, entry.text);
    std::uint64_t dice = 0;
    for (char const c : digest.bytes().substr(0, 4))
        dice = dice << 8 | static_cast<unsigned char>(c);
    return dice * group_bytes < static_cast<std::uint64_t>(entry.text.size()) << 32;
}

// Done once for each entry: what is in a group already was good when it came.
void check(index_form const& form, index_entry const& entry) {
    constexpr std::size_t name_bytes_max = std::numeric_limits<std::uint8_t>::max();
    std::string expected(form.entry_name);
    expected += entry.chart;
    expected += form.entry_version;
    expected += entry.version;
    expected += '"';
    if (!entry.text.starts_with(expected) || entry.chart.empty() ||
        entry.chart.size() > name_bytes_max || entry.version.size() > name_bytes_max)
        throw std::runtime_error("an entry of the index is not that of its chart and version");
    (void)digest_in(form, entry.text);
}

chart::chart_version parsed(std::string_view version) {
    auto v = chart::chart_version::parse(version);
    if (!v) throw std::runtime_error("a version in the catalogue is not one");
    return std::move(*v);
}

// The order of charts, and within a chart that of precedence.
std::weak_ordering compare(index_entry const& entry, std::string_view chart,
                           chart::chart_version const& version) {
    if (entry.chart != chart) return entry.chart <=> chart;
    return version.compare_precedence(parsed(entry.version));  // descending
}

}  // namespace

group_list::place group_list::first_not(
    std::function<bool(index_entry const&)> const& before) const {
    auto const group = std::partition_point(
        groups_.begin(), groups_.end(), [&](group_pointer const& g) { return before(g->back()); });
    if (group == groups_.end()) return {groups_.size(), 0};
    std::size_t low = 0, high = (*group)->size() - 1;  // the last one is not before
    while (low < high) {
        std::size_t const middle = (low + high) / 2;
        if (before((**group)[middle]))
            low = middle + 1;
        else
            high = middle;
    }
    return {static_cast<std::size_t>(group - groups_.begin()), low};
}

std::optional<group_list::place> group_list::place_of(std::string_view chart,
                                                      std::string_view version) const {
    // `created` is not known, so all entries of this precedence are candidates: one, usually, but
    // whoever publishes 1.0.0+<commit> has thousands. Hence may_be().
    auto const wanted = parsed(version);
    place at = first_not([&](index_entry const& e) { return compare(e, chart, wanted) < 0; });
    place const end =
        first_not([&](index_entry const& e) { return compare(e, chart, wanted) <= 0; });
    while (at.group < end.group || (at.group == end.group && at.index < end.index)) {
        index_group const& group = *groups_[at.group];
        if (group.may_be(at.index, version) && group[at.index].version == version) return at;
        if (++at.index == group.size()) at = {at.group + 1, 0};
    }
    return std::nullopt;
}

std::optional<index_entry> group_list::find(std::string_view chart,
                                            std::string_view version) const {
    auto const at = place_of(chart, version);
    if (!at) return std::nullopt;
    return (*groups_[at->group])[at->index];
}

void group_list::put(index_entry const& entry) {
    check(*form_, entry);
    remove(entry.chart, entry.version);
    auto const version = parsed(entry.version);
    place at = first_not([&](index_entry const& e) {
        auto const order = compare(e, entry.chart, version);
        if (order != 0) return order < 0;
        if (e.created != entry.created) return e.created > entry.created;
        return e.version < entry.version;
    });
    // Between two groups: the end of the first, whose successor then need not be looked at.
    if (at.index == 0 && at.group > 0) at = {at.group - 1, groups_[at.group - 1]->size()};
    auto entries = entries_of(at.group);
    entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(at.index), entry);
    rewrite(at.group, std::move(entries));
}

void group_list::remove(std::string_view chart, std::string_view version) {
    auto const at = place_of(chart, version);
    if (!at) return;
    auto entries = entries_of(at->group);
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(at->index));
    rewrite(at->group, std::move(entries));
}

std::vector<index_entry> group_list::entries_of(std::size_t group) const {
    std::vector<index_entry> entries;
    if (group == groups_.size()) return entries;
    entries.reserve(groups_[group]->size() + 1);
    for (std::size_t i = 0; i < groups_[group]->size(); ++i)
        entries.push_back((*groups_[group])[i]);
    return entries;
}

// Makes `entries` what the group holds, and puts right what this changes around it.
void group_list::rewrite(std::size_t group, std::vector<index_entry> entries) {
    std::size_t first = group;
    std::size_t last = std::min(group + 1, groups_.size());
    // An entry that begins no group belongs to the one before.
    if (group > 0 && !entries.empty() && !begins_group(*form_, entries.front())) {
        auto before = entries_of(--first);
        entries.insert(entries.begin(), before.begin(), before.end());
    }
    std::string_view const chart_before = first > 0 ? groups_[first - 1]->back().chart : "";
    std::vector<group_pointer> made;
    append(entries, chart_before, made);
    // The next group's first joint depends on the chart before it.
    if (last < groups_.size()) {
        std::string_view const chart = entries.empty() ? chart_before : entries.back().chart;
        if (chart != groups_[group]->back().chart) {
            made.push_back(std::make_shared<index_group>(*form_, entries_of(last), chart));
            ++last;
        }
    }
    splice(first, last, made);
}

// Cuts entries into groups.
void group_list::append(std::span<index_entry const> entries, std::string_view chart_before,
                        std::vector<group_pointer>& out) const {
    while (!entries.empty()) {
        std::uint64_t bytes = entries.front().text.size();
        std::size_t count = 1;
        while (count < entries.size() && !begins_group(*form_, entries[count]) &&
               bytes + entries[count].text.size() <= group_bytes_max)
            bytes += entries[count++].text.size();
        out.push_back(std::make_shared<index_group>(*form_, entries.first(count), chart_before));
        chart_before = entries[count - 1].chart;
        entries = entries.subspan(count);
    }
}

// Puts `groups` in the place of those from `first` up to `last`.
void group_list::splice(std::size_t first, std::size_t last,
                        std::vector<group_pointer> const& groups) {
    auto const begin = groups_.begin() + static_cast<std::ptrdiff_t>(first);
    auto const end = groups_.begin() + static_cast<std::ptrdiff_t>(last);
    for (auto g = begin; g != end; ++g) {
        entries_ -= (*g)->size();
        bytes_ -= (*g)->text().size();
    }
    for (group_pointer const& g : groups) {
        entries_ += g->size();
        bytes_ += g->text().size();
    }
    groups_.insert(groups_.erase(begin, end), groups.begin(), groups.end());
}

void group_list_builder::add(index_entry const& entry) {
    check(*list_.form_, entry);
    if (begins_group(*list_.form_, entry)) flush();
    pending_.push_back({std::string(entry.chart), std::string(entry.version),
                        std::string(entry.text), entry.created});
}

void group_list_builder::add(group_pointer const& group, std::string_view chart_before) {
    flush();
    if (last_chart() != chart_before) {
        for (std::size_t i = 0; i < group->size(); ++i) add((*group)[i]);
        return;
    }
    std::size_t const end = list_.groups_.size();
    list_.splice(end, end, {group});
}

std::string_view group_list_builder::last_chart() const {
    return list_.groups_.empty() ? "" : list_.groups_.back()->back().chart;
}

group_list group_list_builder::finish() {
    flush();
    return std::move(list_);
}

void group_list_builder::flush() {
    std::vector<index_entry> entries;
    entries.reserve(pending_.size());
    for (kept const& k : pending_) entries.push_back({k.chart, k.version, k.created, k.text});
    std::size_t const end = list_.groups_.size();
    std::vector<group_pointer> made;
    list_.append(entries, last_chart(), made);
    for (group_pointer const& g : made) rendered_bytes_ += g->text().size();
    list_.splice(end, end, made);
    pending_.clear();
}

}  // namespace pilothouse::index
