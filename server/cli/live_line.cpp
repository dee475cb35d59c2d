#include "server/cli/live_line.hpp"

#include <algorithm>
#include <iostream>
#include <string>

#include <unistd.h>

namespace pilothouse::cli {

namespace {

constexpr char const* to_start_and_wipe = "\r\x1b[K";

}  // namespace

live_line::live_line() : live_line(std::cerr, ::isatty(STDERR_FILENO) == 1) {}

live_line::live_line(std::ostream& to, bool terminal) : to_(to), terminal_(terminal) {}

live_line::~live_line() { wipe(); }

void live_line::draw(std::string_view text) {
    if (!terminal_) return;
    std::string harmless(text);
    std::replace_if(
        harmless.begin(), harmless.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    to_ << to_start_and_wipe << harmless << std::flush;
    drawn_ = true;
}

void live_line::wipe() {
    if (drawn_) to_ << to_start_and_wipe << std::flush;
    drawn_ = false;
}

}  // namespace pilothouse::cli
