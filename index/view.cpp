#include "index/view.hpp"

#include "chart/chart_version.hpp"

#include <string_view>
#include <variant>
#include <vector>

namespace pilothouse::index {

namespace {

// What each lens lets through, asked entry by entry in their order; `none_of` spares the look at a
// group's entries.

class newest_only {
public:
    explicit newest_only(newest const& n) : most_(n.of_each) {}

    [[nodiscard]] bool none_of(index_group const& group) const {
        return taken_ == most_ && group[0].chart == chart_ && group.back().chart == chart_;
    }
    bool takes(index_entry const& entry) {
        if (entry.chart != chart_) taken_ = 0;
        chart_ = entry.chart;
        if (taken_ == most_) return false;
        ++taken_;
        return true;
    }

private:
    std::size_t most_, taken_ = 0;
    std::string_view chart_;
};

class chart_only {
public:
    explicit chart_only(one_chart const& one) : name_(one.name.text()) {}

    [[nodiscard]] bool none_of(index_group const& group) const {
        return group.back().chart < name_ || group[0].chart > name_;
    }
    [[nodiscard]] bool takes(index_entry const& entry) const { return entry.chart == name_; }

private:
    std::string_view name_;
};

class range_only {
public:
    explicit range_only(chart::version_range const& range) : range_(range) {}

    static bool none_of(index_group const&) { return false; }
    [[nodiscard]] bool takes(index_entry const& entry) const {
        auto const version = chart::chart_version::parse(entry.version);
        return version && range_.contains(*version);
    }

private:
    chart::version_range const& range_;
};

template <class Chosen>
view collect(group_list const& whole, Chosen chosen) {
    group_list_builder lines(whole.form().format);
    std::string_view chart_before;
    std::vector<index_entry> taken;
    for (group_pointer const& group : whole.groups()) {
        taken.clear();
        for (std::size_t i = 0; !chosen.none_of(*group) && i < group->size(); ++i)
            if (chosen.takes((*group)[i])) taken.push_back((*group)[i]);
        if (taken.size() == group->size())
            lines.add(group, chart_before);
        else
            for (index_entry const& entry : taken) lines.add(entry);
        chart_before = group->back().chart;
    }
    view made{lines.finish(), 0};
    made.own_bytes = lines.rendered_bytes();
    return made;
}

}  // namespace

view seen_through(lens const& l, group_list const& whole) {
    if (auto const* n = std::get_if<newest>(&l.what())) return collect(whole, newest_only(*n));
    if (auto const* c = std::get_if<one_chart>(&l.what())) return collect(whole, chart_only(*c));
    return collect(whole, range_only(std::get<chart::version_range>(l.what())));
}

}  // namespace pilothouse::index
