#include "server/cli/live_line.hpp"

#include <doctest/doctest.h>

#include <sstream>

namespace pilothouse::tests::live_line_test {

using pilothouse::cli::live_line;

TEST_CASE("a terminal's line is drawn over, and gone at the end") {
    std::ostringstream to;
    {
        live_line line(to, true);
        line.draw("one");
        line.draw("two");
        line.wipe();
        line.wipe();
        to << "an event\n";
        line.draw("three");
    }
    CHECK(to.str() == "\r\x1b[Kone\r\x1b[Ktwo\r\x1b[Kan event\n\r\x1b[Kthree\r\x1b[K");
}

TEST_CASE("a terminal takes nothing in a line for a command") {
    std::ostringstream to;
    live_line line(to, true);
    line.draw("a\x1b[31m\r\n\x7f\xc3\xa9");
    CHECK(to.str() == "\r\x1b[Ka?[31m?????");
}

TEST_CASE("what is no terminal gets no line") {
    std::ostringstream to;
    {
        live_line line(to, false);
        line.draw("one");
    }
    CHECK(to.str().empty());
}

}  // namespace pilothouse::tests::live_line_test
