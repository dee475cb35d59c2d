#include "release/line_diff.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pilothouse::release {

namespace {

using lines = std::vector<std::string_view>;

constexpr std::size_t cells_max = 4'000'000;
constexpr std::size_t context = 3;

lines split(std::string_view text) {
    lines all;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        all.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    // How many empty lines stand at the end depends on who wrote it, and says nothing.
    while (!all.empty() && all.back().empty()) all.pop_back();
    return all;
}

struct marked {
    char mark;
    std::string_view line;
};

// What differs, by the longest common subsequence; beyond the bound all of it is a change.
void compare(lines const& a, lines const& b, std::size_t& cells, std::vector<marked>& out) {
    std::size_t const width = b.size() + 1;
    std::size_t const area = (a.size() + 1) * width;
    bool const bounded = area <= std::min(cells_max, cells);
    if (bounded) cells -= area;
    std::vector<std::uint32_t> common(bounded ? area : 0);
    if (bounded)
        for (std::size_t i = a.size(); i-- > 0;)
            for (std::size_t j = b.size(); j-- > 0;)
                common[i * width + j] =
                    a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1
                                 : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    std::size_t i = 0, j = 0;
    while (i < a.size() || j < b.size()) {
        bool const both = i < a.size() && j < b.size();
        if (bounded && both && a[i] == b[j]) {
            out.push_back({' ', a[i++]});
            ++j;
        } else if (i < a.size() && (j == b.size() || !bounded ||
                                    common[(i + 1) * width + j] >= common[i * width + j + 1])) {
            out.push_back({'-', a[i++]});
        } else {
            out.push_back({'+', b[j++]});
        }
    }
}

std::string around_changes(std::vector<marked> const& all) {
    std::vector<bool> shown(all.size(), false);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].mark == ' ') continue;
        auto const begin = i < context ? 0 : i - context;
        auto const end = std::min(i + context + 1, all.size());
        std::fill(shown.begin() + static_cast<std::ptrdiff_t>(begin),
                  shown.begin() + static_cast<std::ptrdiff_t>(end), true);
    }
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (shown[i]) {
            text += all[i].mark;
            text += all[i].line;
            text += '\n';
        } else if (i == 0 || shown[i - 1]) {
            text += " ...\n";
        }
    }
    return text;
}

}  // namespace

std::string diff_lines(std::string_view before, std::string_view after, std::size_t& cells) {
    auto a = split(before), b = split(after);
    if (a == b) return {};
    auto const same_end = std::ranges::mismatch(a, b);
    lines const head(a.begin(), same_end.in1);
    a.erase(a.begin(), same_end.in1);
    b.erase(b.begin(), same_end.in2);
    lines tail;
    while (!a.empty() && !b.empty() && a.back() == b.back()) {
        tail.push_back(a.back());
        a.pop_back();
        b.pop_back();
    }
    std::vector<marked> all;
    for (auto const line : head) all.push_back({' ', line});
    compare(a, b, cells, all);
    for (auto line = tail.rbegin(); line != tail.rend(); ++line) all.push_back({' ', *line});
    return around_changes(all);
}

}  // namespace pilothouse::release
