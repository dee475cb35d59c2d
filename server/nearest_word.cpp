#include "server/nearest_word.hpp"

#include <algorithm>
#include <cstddef>

namespace pilothouse {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string nearest_word(std::string_view typed, std::vector<std::string> const& known) {
    std::string best;
    std::size_t least = typed.size() / 3 + 1;
    if (typed.size() > 100) return best;
    for (auto const& word : known) {
        auto const distance = edit_distance(typed, word);
        if (distance <= least) {
            least = distance;
            best = word;
        }
    }
    return best;
}

}  // namespace pilothouse
