#include "release/kubernetes/shown_text.hpp"

#include "base/plain_text.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::shown_text_test {

using release::kubernetes::shown;

TEST_CASE("what is shown is one line of plain text, and not too long") {
    struct row {
        std::string given, wanted;
    };
    for (auto const& r : {
             row{"", ""},
             row{"0/1 nodes are available", "0/1 nodes are available"},
             row{" two\n\nlines\t", "two lines"},
             row{"\x1b[31mred\x1b[0m", "[31mred [0m"},
             row{"turned \xe2\x80\xae round", "turned round"},
             row{"broken \xff\xfe bytes \xc3", "broken bytes"},
             row{"schön", "schön"},
             row{std::string(24, 'x'), std::string(24, 'x')},
             row{std::string(25, 'x'), std::string(23, 'x') + "…"},
             row{std::string(22, 'x') + " yz", std::string(22, 'x') + "…"},
             row{std::string("nul\0nul", 7), "nul nul"},
         }) {
        CAPTURE(r.given);
        auto const said = shown(r.given, 24);
        CHECK(said == r.wanted);
        CHECK(check_text("it", said, 24, text_shape::one_line));
    }
}

}  // namespace pilothouse::tests::shown_text_test
