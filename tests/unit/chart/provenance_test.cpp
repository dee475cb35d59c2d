#include "chart/provenance.hpp"

#include "tests/support/demo_chart.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::provenance_test {

using namespace pilothouse::chart;
using namespace std::string_literals;

namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    auto const at = text.find(what);
    REQUIRE_MESSAGE(at != text.npos, what);
    return text.replace(at, what.size(), with);
}

std::string const good = tests::demo_provenance("mychart", "1.2.3", "bytes");

}  // namespace

TEST_CASE("a provenance says its chart and the digests of its files") {
    auto const parsed = parse_provenance(good);
    REQUIRE(parsed);
    CHECK(parsed->name == "mychart");
    CHECK(parsed->version == "1.2.3");
    REQUIRE(parsed->files.size() == 1);
    CHECK(parsed->files.at("mychart-1.2.3.tgz") == sha256("bytes"));
}

TEST_CASE("line ends, blanks at line ends, text around and dash-escapes do not matter") {
    std::string crlf;
    for (char const c : good) crlf += c == '\n' ? "\r\n"s : std::string(1, c);
    for (auto const& text :
         {crlf, "some words\n" + good, good + "more words\n",
          replaced(good, "version: 1.2.3\n", "version: 1.2.3\nkeywords:\n- - a\n"),
          replaced(good, "Hash: SHA512\n", "Hash: SHA256\nHash: SHA512\n"),
          replaced(good, "name: mychart\n", "name: mychart  \n")}) {
        CAPTURE(text);
        auto const parsed = parse_provenance(text);
        REQUIRE(parsed);
        CHECK(parsed->name == "mychart");
        CHECK(parsed->files.size() == 1);
    }
}

TEST_CASE("what is no provenance is refused, with what is missing") {
    struct row {
        std::string text;
        std::string_view why;
    };
    for (auto const& [text, why] : {
             row{"", "clear-signed"},
             row{"hello\n", "clear-signed"},
             row{"{\"files\": {}}", "clear-signed"},
             row{"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512", "within its header"},
             row{replaced(good, "-----BEGIN PGP SIGNATURE-----", ""), "not escaped"},
             row{good.substr(0, good.find("-----BEGIN PGP SIGNATURE")), "no signature"},
             row{replaced(good, "-----END PGP SIGNATURE-----", ""), "without an end"},
             row{replaced(good, "\n...\n", "\n"), "three dots"},
             row{replaced(good, "name: mychart\n", ""), "\"name\" is missing"},
             row{replaced(good, "version: 1.2.3", "version: latest"), "semantic version"},
             row{replaced(good, "name: mychart\n", "name: mychart\n- - x\n"), "not YAML"},
             row{replaced(good, "files:", "fools:"), "names no files"},
             row{replaced(good, "sha256:", "sha512:"), "no sha256 digest"},
             row{replaced(good, "sha256:", "sha256:0"), "no sha256 digest"},
             row{replaced(good, "  mychart-1.2.3.tgz: ", "  - "), "names no files"},
             row{good + std::string(provenance_bytes_max, ' '), "larger than"},
         }) {
        CAPTURE(text);
        auto const parsed = parse_provenance(text);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == errc::invalid_provenance);
        CHECK_MESSAGE(parsed.error().detail.find(why) != std::string::npos, parsed.error().detail);
    }
}

TEST_CASE("a provenance is checked against name and digest of one archive") {
    auto const parsed = parse_provenance(good);
    REQUIRE(parsed);
    CHECK(check_provenance(*parsed, "mychart-1.2.3.tgz", sha256("bytes")));
    for (auto const& [name, digest] : {std::pair{"mychart-1.2.3.tgz", sha256("other bytes")},
                                       {"mychart-1.2.4.tgz", sha256("bytes")},
                                       {"", sha256("bytes")}}) {
        auto const checked = check_provenance(*parsed, name, digest);
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == errc::invalid_provenance);
    }
}

TEST_CASE("a provenance cut at any byte is refused") {
    for (std::size_t cut = 0; cut + 1 < good.size(); ++cut)
        CHECK_FALSE(parse_provenance(std::string_view(good).substr(0, cut)));
}

}  // namespace pilothouse::tests::provenance_test
