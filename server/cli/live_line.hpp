// One line of a terminal that is drawn anew as things go on.
#pragma once

#include <ostream>
#include <string_view>

namespace pilothouse::cli {

// On standard error where that is a terminal; else nothing is drawn. Other lines are written
// between wipe() and the next draw().
class live_line {
public:
    live_line();
    live_line(std::ostream& to, bool terminal);
    ~live_line();  // wipe()
    live_line(live_line const&) = delete;
    live_line& operator=(live_line const&) = delete;

    [[nodiscard]] bool terminal() const noexcept { return terminal_; }
    // Names may come from elsewhere: what is not printable ASCII becomes `?`, so that the terminal
    // takes nothing for a command.
    void draw(std::string_view text);
    void wipe();

private:
    std::ostream& to_;
    bool terminal_;
    bool drawn_ = false;
};

}  // namespace pilothouse::cli
