#include "server/cli/progress_line.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

#include <unistd.h>

namespace pilothouse::cli {

namespace {

constexpr std::size_t bar_width = 24;
constexpr std::size_t name_width = 40;
constexpr std::size_t lines_apart = 100;
constexpr char const* wipe = "\r\x1b[K";

// Names may come from elsewhere: a terminal must not take them for commands.
std::string harmless(std::string_view name) {
    std::string text(name.substr(0, name_width));
    std::replace_if(text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

}  // namespace

progress_line::progress_line(std::string verb)
    : verb_(std::move(verb)), terminal_(::isatty(STDERR_FILENO) == 1) {}

progress_line::~progress_line() {
    if (drawn_) std::cerr << wipe << std::flush;
}

void progress_line::at(std::size_t done, std::size_t all, std::string_view name) {
    if (terminal_) return draw(done, all, name);
    if (done > 0 && done % lines_apart == 0)
        std::cerr << verb_ << ": " << done << " of " << all << '\n' << std::flush;
}

void progress_line::draw(std::size_t done, std::size_t all, std::string_view name) {
    auto const full = all == 0 ? bar_width : done * bar_width / all;
    std::cerr << wipe << verb_ << " [" << std::string(full, '#')
              << std::string(bar_width - full, '.') << "] " << done << '/' << all << ' '
              << harmless(name) << std::flush;
    drawn_ = true;
}

}  // namespace pilothouse::cli
