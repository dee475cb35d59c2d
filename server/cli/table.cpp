#include "server/cli/table.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace pilothouse::cli {

namespace {

using row = std::vector<std::string>;

// Characters, not bytes: UTF-8's continuation bytes take no room.
std::size_t width(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// No blanks at the end of a line.
void add_line(std::string& text, row const& cells, std::vector<std::size_t> const& widths) {
    std::size_t blanks = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].empty()) {
            text.append(blanks, ' ').append(cells[i]);
            blanks = 0;
        }
        blanks += widths[i] - width(cells[i]) + 2;
    }
    text += '\n';
}

}  // namespace

std::string table(row const& heading, std::vector<row> const& rows) {
    std::vector<std::size_t> widths;
    for (auto const& cell : heading) widths.push_back(width(cell));
    for (row const& cells : rows)
        for (std::size_t i = 0; i < cells.size(); ++i)
            widths[i] = std::max(widths[i], width(cells[i]));
    std::string text;
    add_line(text, heading, widths);
    for (row const& cells : rows) add_line(text, cells, widths);
    return text;
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string when(instant t) {
    constexpr std::size_t up_to_seconds = 19;
    return to_rfc3339(t).substr(0, up_to_seconds) + "Z";
}

}  // namespace pilothouse::cli
