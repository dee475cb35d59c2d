#include "deploy/label.hpp"

#include "base/ascii.hpp"

namespace pilothouse::deploy {

std::string label_of(std::string_view name, std::size_t bytes_max) {
    std::string label;
    bool gap = false;
    for (char const given : name) {
        char const c = ascii::lower(given);
        bool const stays = ascii::is_digit(c) || (c >= 'a' && c <= 'z');
        if (stays && gap && !label.empty()) label += '-';
        if (stays) label += c;
        gap = !stays;
    }
    if (label.size() > bytes_max) label.resize(bytes_max);
    while (label.ends_with('-')) label.pop_back();
    return label;
}

}  // namespace pilothouse::deploy
