#include "chart/sanitise.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::sanitise_test {

using namespace pilothouse::chart;
using namespace std::string_view_literals;

TEST_CASE("text is sanitised as Helm does it") {
    struct row {
        std::string_view written, sanitised;
    };
    for (auto const& [written, sanitised] : {
             row{"plain text", "plain text"},
             row{"", ""},
             row{"a\tb\nc\rd\ve\ff", "a b c d e f"},
             row{"a\u0085b\u00a0c\u1680d\u2003e\u2028f\u2029g\u202fh\u205fi\u3000j",
                 "a b c d e f g h i j"},
             row{"  both ends  ", "  both ends  "},
             row{"a\r\nb", "a  b"},
             row{"bell\a null\0 escape\x1b delete\x7f"sv, "bell null escape delete"},
             row{"\u0080a\u009fb", "ab"},
             row{"soft\u00adhyphen", "softhyphen"},
             row{"a\u200bb\u200cc\u200dd\u200ee\u2060f\ufeffg", "abcdefg"},
             row{"a\u202eb\u2066c", "abc"},
             row{"private\ue000 unassigned\u0378 last\U0010fffd", "private unassigned last"},
             row{"\u00e4\u4e2d\U0001f600\ufe0fe\u0301\ufffd\u00b2",
                 "\u00e4\u4e2d\U0001f600\ufe0fe\u0301\ufffd\u00b2"},
             row{"a\xff"
                 "b\xe4",
                 "a\ufffdb\ufffd"},
         }) {
        CAPTURE(written);
        CHECK(sanitise(written) == sanitised);
        CHECK(sanitise(sanitised) == sanitised);
    }
}

}  // namespace pilothouse::tests::sanitise_test
