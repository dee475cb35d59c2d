// Text that came from outside, made fit to stand in a sentence for people.
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::chart {

// `text` with every byte outside printable ASCII as `?`; beyond 120 bytes it ends in `...`.
[[nodiscard]] inline std::string printable(std::string_view text) {
    constexpr std::size_t length_max = 120;
    std::string shown(text.substr(0, length_max));
    for (char& c : shown)
        if (c < ' ' || c > '~') c = '?';
    if (text.size() > length_max) shown += "...";
    return shown;
}

// The same between double quotes.
[[nodiscard]] inline std::string quoted(std::string_view text) {
    return '"' + printable(text) + '"';
}

}  // namespace pilothouse::chart
