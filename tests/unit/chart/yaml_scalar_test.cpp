#include "chart/yaml_scalar.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::yaml_scalar_test {

using namespace pilothouse::chart;

TEST_CASE("a plain scalar becomes the text that Helm makes of it") {
    constexpr auto null = scalar_kind::null, boolean = scalar_kind::boolean,
                   integer = scalar_kind::integer, big_unsigned = scalar_kind::big_unsigned,
                   real = scalar_kind::real, not_finite = scalar_kind::not_finite,
                   text_of_itself = scalar_kind::text;
    struct row {
        std::string_view written;
        scalar_kind kind;
        std::string_view text;
    };
    for (auto const& [written, kind, text] : {
             row{"1.10", real, "1.1"},
             row{"1.0", real, "1"},
             row{"2023.10", real, "2023.1"},
             row{"20231015.1", real, "2.0231016e+07"},
             row{"1.23456789", real, "1.2345679"},
             row{"1e3", real, "1000"},
             row{"1000000.0", real, "1e+06"},
             row{"999999.0", real, "999999"},
             row{"16777217.0", real, "1.6777216e+07"},
             row{"0.0001", real, "0.0001"},
             row{"0.00001", real, "1e-05"},
             row{"-1.50", real, "-1.5"},
             row{"+.5", real, "0.5"},
             row{".5", real, "0.5"},
             row{"1.", real, "1"},
             row{"1.e2", real, "100"},
             row{"-0.0", real, "-0"},
             row{"08", real, "8"},
             row{"3.5e38", real, "+Inf"},
             row{"-3.5e38", real, "-Inf"},
             row{"3.4e38", real, "3.4e+38"},
             row{"1e-46", real, "0"},
             row{"1e-400", real, "0"},
             row{".inf", not_finite, "+Inf"},
             row{"-.Inf", not_finite, "-Inf"},
             row{".NaN", not_finite, "NaN"},
             row{"123456789012345678901", real, "1.2345679e+20"},
             row{"-9223372036854775809", real, "-9.223372e+18"},
             row{"1e400", text_of_itself, "1e400"},
             row{".", text_of_itself, "."},
             row{"..", text_of_itself, ".."},
             row{"inf", text_of_itself, "inf"},
             row{".5e", text_of_itself, ".5e"},
             row{"yes", boolean, "true"},
             row{"Y", boolean, "true"},
             row{"on", boolean, "true"},
             row{"TRUE", boolean, "true"},
             row{"no", boolean, "false"},
             row{"Off", boolean, "false"},
             row{"yEs", text_of_itself, "yEs"},
             row{"~", null, ""},
             row{"", null, ""},
             row{"Null", null, ""},
             row{"nULL", text_of_itself, "nULL"},
             row{"0x1F", integer, "31"},
             row{"-0x1f", integer, "-31"},
             row{"0x_1F", integer, "31"},
             row{"0b101", integer, "5"},
             row{"017", integer, "15"},
             row{"-017", integer, "-15"},
             row{"0o17", integer, "15"},
             row{"00", integer, "0"},
             row{"-0", integer, "0"},
             row{"+1", integer, "1"},
             row{"1_000", integer, "1000"},
             row{"1__0", integer, "10"},
             row{"16777217", integer, "16777217"},
             row{"9223372036854775807", integer, "9223372036854775807"},
             row{"-9223372036854775808", integer, "-9223372036854775808"},
             row{"9223372036854775808", big_unsigned, "9223372036854775808"},
             row{"18446744073709551615", big_unsigned, "18446744073709551615"},
             row{"18446744073709551616", real, "1.8446744e+19"},
             row{"0b12", text_of_itself, "0b12"},
             row{"0xZZ", text_of_itself, "0xZZ"},
             row{"0x", text_of_itself, "0x"},
             row{"_1", text_of_itself, "_1"},
             row{"+", text_of_itself, "+"},
             row{"-", text_of_itself, "-"},
             row{"2024-01-01", text_of_itself, "2024-01-01"},
             row{"1:30", text_of_itself, "1:30"},
             row{"v1.2", text_of_itself, "v1.2"},
             row{"1.2.3", text_of_itself, "1.2.3"},
             row{"<<", text_of_itself, "<<"},
         }) {
        CAPTURE(written);
        auto const resolved = resolve_scalar("", written);
        REQUIRE(resolved);
        CHECK(resolved->kind == kind);
        CHECK(resolved->text == text);
    }
}

TEST_CASE("quotes and tags decide what a scalar is") {
    struct row {
        std::string_view tag, written, text;
    };
    for (auto const& [tag, written, text] : {
             row{"!", "1.10", "1.10"},
             row{"!", "yes", "yes"},
             row{"!", "", ""},
             row{"tag:yaml.org,2002:str", "1.10", "1.10"},
             row{"tag:yaml.org,2002:int", "7", "7"},
             row{"tag:yaml.org,2002:float", "7", "7"},
             row{"tag:yaml.org,2002:float", "16777217", "1.6777216e+07"},
             row{"tag:yaml.org,2002:bool", "y", "true"},
             row{"tag:yaml.org,2002:timestamp", "2024-01-01", "2024-01-01"},
             row{"!own", "1.10", "1.10"},
         }) {
        CAPTURE(tag);
        CAPTURE(written);
        auto const resolved = resolve_scalar(tag, written);
        REQUIRE(resolved);
        CHECK(resolved->text == text);
    }
}

TEST_CASE("a tag that does not fit its text is refused") {
    for (auto const& [tag, written] : {std::pair{"tag:yaml.org,2002:int", "1.5"},
                                       {"tag:yaml.org,2002:bool", "maybe"},
                                       {"tag:yaml.org,2002:float", "x"},
                                       {"tag:yaml.org,2002:null", "x"},
                                       {"tag:yaml.org,2002:timestamp", "5"},
                                       {"tag:yaml.org,2002:binary", "aGVsbG8="}}) {
        CAPTURE(tag);
        auto const resolved = resolve_scalar(tag, written);
        REQUIRE_FALSE(resolved);
        CHECK(resolved.error().code == errc::invalid_metadata);
    }
}

TEST_CASE("a key is written as Helm writes it, null and very large numbers are refused") {
    CHECK(*key_text(scalar_kind::real, "1.1") == "1.1");
    CHECK(*key_text(scalar_kind::real, "+Inf") == ".inf");
    CHECK(*key_text(scalar_kind::real, "-Inf") == "-.inf");
    CHECK(*key_text(scalar_kind::real, "NaN") == ".nan");
    CHECK(*key_text(scalar_kind::text, "NaN") == "NaN");
    CHECK(*key_text(scalar_kind::boolean, "true") == "true");
    CHECK_FALSE(key_text(scalar_kind::null, ""));
    CHECK_FALSE(key_text(scalar_kind::big_unsigned, "9223372036854775808"));
}

}  // namespace pilothouse::tests::yaml_scalar_test
