// Lists of words in one column: single spaces between them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::storage::sqlite {

// No word is empty or has a space in it.
[[nodiscard]] inline std::string join_words(std::vector<std::string> const& words) {
    std::string line;
    for (auto const& word : words) {
        if (!line.empty()) line += ' ';
        line += word;
    }
    return line;
}

[[nodiscard]] inline std::vector<std::string> split_words(std::string_view line) {
    std::vector<std::string> words;
    while (!line.empty()) {
        auto const end = std::min(line.find(' '), line.size());
        words.emplace_back(line.substr(0, end));
        line.remove_prefix(std::min(end + 1, line.size()));
    }
    return words;
}

}  // namespace pilothouse::storage::sqlite
