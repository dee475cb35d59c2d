#include "server/http/form_part.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests::form_part_test {

using namespace pilothouse::http;

TEST_CASE("the boundary is read from Content-Type") {
    struct row {
        std::string_view content_type, boundary;
    };
    for (auto const& r : {
             row{"multipart/form-data; boundary=abc", "abc"},
             row{"Multipart/Form-Data;BOUNDARY=abc", "abc"},
             row{"multipart/form-data; boundary=\"a b:c\"", "a b:c"},
             row{"multipart/form-data; charset=utf-8; boundary=abc;", "abc"},
             row{"multipart/form-data; boundary=------------------------d74496d66958873e",
                 "------------------------d74496d66958873e"},
             row{"multipart/form-data; boundary="
                 "0123456789012345678901234567890123456789012345678901234567890123456789",
                 "0123456789012345678901234567890123456789012345678901234567890123456789"},
         }) {
        CAPTURE(r.content_type);
        auto const boundary = boundary_of(r.content_type);
        REQUIRE(boundary.has_value());
        CHECK(*boundary == r.boundary);
    }
}

TEST_CASE("a Content-Type without one good boundary is refused") {
    for (std::string_view const bad : {
             "",
             "application/octet-stream",
             "multipart/mixed; boundary=abc",
             "multipart/form-data",
             "multipart/form-data; boundary",
             "multipart/form-data; boundary=",
             "multipart/form-data; boundary=\"\"",
             "multipart/form-data; boundary=a b",
             "multipart/form-data; boundary=\"a \"",
             "multipart/form-data; boundary=\"a\xc3\xa4\"",
             "multipart/form-data; boundary=\"a*b\"",
             "multipart/form-data; boundary=abc; boundary=abc",
             "multipart/form-data; boundary=abc; BOUNDARY=def",
             "multipart/form-data, multipart/form-data; boundary=abc",
             "multipart/form-data boundary=abc",
             "multipart/form-data; boundary="
             "01234567890123456789012345678901234567890123456789012345678901234567890",
         }) {
        CAPTURE(bad);
        auto const boundary = boundary_of(bad);
        REQUIRE(boundary.has_error());
        CHECK(boundary.error().code == errc::invalid_request);
    }
}

TEST_CASE("a part says its name, whether it is a file, and its type") {
    struct row {
        std::vector<std::string> lines;
        std::string_view name;
        std::optional<std::string> file_name;
        std::string_view content_type;
    };
    for (auto const& r : std::vector<row>{
             {{"Content-Disposition: form-data; name=\"chart\""}, "chart", std::nullopt, ""},
             {{"content-disposition:form-data;name=chart"}, "chart", std::nullopt, ""},
             {{"Content-Disposition: form-data; name=\"chart\"; filename=\"/tmp/x/a-1.0.0.tgz\"",
               "Content-Type: application/octet-stream"},
              "chart",
              "/tmp/x/a-1.0.0.tgz",
              "application/octet-stream"},
             {{"Content-Disposition: form-data; name=\"chart\"; filename=\"\""}, "chart", "", ""},
             {{"Content-Disposition: form-data; name=chart; filename=\"C:\\\\a.tgz\""},
              "chart",
              "C:\\a.tgz",
              ""},
             {{"Content-Disposition: form-data; name=chart; filename*=UTF-8''%e2%82%ac"},
              "chart",
              "UTF-8''%e2%82%ac",
              ""},
             {{"Content-Disposition: form-data; filename=\"a\"; name=\"a;b \\\"c\\\" \xc3\xa4\""},
              "a;b \"c\" \xc3\xa4",
              "a",
              ""},
             {{"X-Other: 1", "X-Other: 2", "Content-Disposition: form-data; name=a",
               "Content-Transfer-Encoding: BINARY"},
              "a",
              std::nullopt,
              ""},
         }) {
        CAPTURE(r.lines.front());
        auto const part = parse_form_part(r.lines);
        REQUIRE(part.has_value());
        CHECK(part->name == r.name);
        CHECK(part->file_name == r.file_name);
        CHECK(part->content_type == r.content_type);
    }
}

TEST_CASE("a part whose header could mean two things, or nothing, is refused") {
    std::string const good = "Content-Disposition: form-data; name=a";
    for (auto const& lines : std::vector<std::vector<std::string>>{
             {},
             {"Content-Type: text/plain"},
             {"Content-Disposition: form-data"},
             {"Content-Disposition: form-data; filename=a"},
             {"Content-Disposition: form-data; name=\"\""},
             {"Content-Disposition: form-data; name="},
             {"Content-Disposition: form-data; name=\"a"},
             {"Content-Disposition: form-data; name=a b"},
             {"Content-Disposition: form-data; name=a; name=b"},
             {"Content-Disposition: form-data; name=a; filename=b; filename=c"},
             {"Content-Disposition: form-data; name*=utf-8''a"},
             {"Content-Disposition: attachment; name=a"},
             {"Content-Disposition: name=a"},
             {"Content-Disposition:"},
             {"Content-Disposition form-data; name=a"},
             {"Content-Disposition : form-data; name=a"},
             {": x", good},
             {good, good},
             {good, "Content-Type: a/b", "Content-Type: a/b"},
             {good, "Content-Transfer-Encoding: base64"},
             {good, "Content-Transfer-Encoding: quoted-printable"},
             {good, " folded: line"},
             {good, "no colon"},
             {good, "X: a\rb"},
             {good, std::string("X: a\0b", 6)},
             {good, "X: \x1b[2J"},
         }) {
        CAPTURE(lines.size());
        CAPTURE(lines.empty() ? std::string() : lines.back());
        auto const part = parse_form_part(lines);
        REQUIRE(part.has_error());
        CHECK(part.error().code == errc::invalid_request);
    }
}

}  // namespace pilothouse::tests::form_part_test
