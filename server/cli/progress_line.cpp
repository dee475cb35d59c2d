#include "server/cli/progress_line.hpp"

#include <iostream>

namespace pilothouse::cli {

namespace {

constexpr std::size_t bar_width = 24;
constexpr std::size_t name_width = 40;
constexpr std::size_t lines_apart = 100;

}  // namespace

void progress_line::at(std::size_t done, std::size_t all, std::string_view name) {
    if (line_.terminal()) return draw(done, all, name);
    if (done > 0 && done % lines_apart == 0)
        std::cerr << verb_ << ": " << done << " of " << all << '\n' << std::flush;
}

void progress_line::draw(std::size_t done, std::size_t all, std::string_view name) {
    auto const full = all == 0 ? bar_width : done * bar_width / all;
    std::string text = verb_ + " [" + std::string(full, '#') + std::string(bar_width - full, '.');
    text += "] " + std::to_string(done) + "/" + std::to_string(all) + " ";
    line_.draw(text.append(name.substr(0, name_width)));
}

}  // namespace pilothouse::cli
