#include "index/index_group.hpp"

#include <functional>
#include <limits>
#include <stdexcept>

namespace pilothouse::index {

namespace {

std::uint32_t hash_of(std::string_view version) noexcept {
    return static_cast<std::uint32_t>(std::hash<std::string_view>()(version));
}

}  // namespace

index_group::index_group(index_form const& form, std::span<index_entry const> entries,
                         std::string_view chart_before)
    : form_(form) {
    std::size_t bytes = 0;
    for (std::string_view chart = chart_before; index_entry const& entry : entries) {
        bytes += joint(form, chart, entry.chart).size() + entry.text.size();
        chart = entry.chart;
    }
    if (bytes > std::numeric_limits<std::uint32_t>::max())
        throw std::runtime_error("a group of the index is too large");
    text_.reserve(bytes);
    lines_.reserve(entries.size());
    for (index_entry const& entry : entries) {
        text_ += joint(form, chart_before, entry.chart);
        line added = {};
        added.created = entry.created;
        added.begin = static_cast<std::uint32_t>(text_.size());
        text_ += entry.text;
        added.end = static_cast<std::uint32_t>(text_.size());
        added.version_hash = hash_of(entry.version);
        added.chart_bytes = static_cast<std::uint8_t>(entry.chart.size());
        added.version_bytes = static_cast<std::uint8_t>(entry.version.size());
        lines_.push_back(added);
        chart_before = entry.chart;
    }
    digest_ = sha256(text_);
}

index_entry index_group::operator[](std::size_t index) const noexcept {
    line const& l = lines_[index];
    std::string_view const text(text_.data() + l.begin, l.end - l.begin);
    std::size_t const chart_at = form_.entry_name.size();
    std::size_t const version_at = chart_at + l.chart_bytes + form_.entry_version.size();
    return {text.substr(chart_at, l.chart_bytes), text.substr(version_at, l.version_bytes),
            l.created, text};
}

bool index_group::may_be(std::size_t index, std::string_view version) const noexcept {
    return lines_[index].version_hash == hash_of(version);
}

index_group::compressed const& index_group::compress() const {
    std::call_once(once_, [this] {
        compressed_.bytes = deflated(text_);
        compressed_.checksum = checksum_of(text_);
    });
    return compressed_;
}

}  // namespace pilothouse::index
