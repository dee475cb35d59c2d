#include "chart/tar_headers.hpp"

#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace pilothouse::tests::tar_headers_test {

using namespace pilothouse::chart;

namespace {

// What is told of these bytes when they come in pieces of this size: every member, then the reason
// of a refusal, then the kind of the end.
std::string told(std::string_view tar, std::size_t piece) {
    tar_headers headers;
    for (auto rest = tar; !rest.empty(); rest.remove_prefix(std::min(piece, rest.size())))
        headers.feed(rest.substr(0, piece));
    headers.end();
    std::string text;
    for (;;) {
        auto member = headers.next();
        if (!member) return text + "! " + member.error().detail;
        if (!*member) break;
        auto const kind = static_cast<std::size_t>((*member)->type);
        text += (*member)->path + " " + std::string("fdo").substr(kind, 1) + " " +
                std::to_string((*member)->size_bytes) + "\n";
    }
    return text + (headers.ended() ? "ended" : "open") +
           (headers.data_behind_end() ? ", data behind" : "");
}

std::string const members =
    tar_member({.path = "a/", .type = '5'}) + tar_member({.path = "a/b", .data = "x"}) +
    tar_member({.path = "././@x", .data = pax_records({{"path", "a/c/"}}), .type = 'x'}) +
    tar_member({.path = "c", .type = '\0'}) +
    tar_member({.path = "././@x", .data = pax_records({{"size", "3"}}), .type = 'x'}) +
    tar_member({.path = "a/d", .data = "xyz", .size = "00000000777"}) +
    tar_member({.path = "././@L", .data = std::string("a/e\0", 4), .type = 'L', .gnu = true}) +
    tar_member({.path = "e", .type = '2', .link = "b"}) +
    tar_member({.path = "g", .data = pax_records({{"path", "no"}}), .type = 'g'}) +
    tar_member({.path = "a/f", .data = std::string(512, 'f'), .type = '7'});
std::string const told_members = "a/ d 0\na/b f 1\na/c/ d 0\na/d f 3\na/e o 0\na/f f 512\n";

}  // namespace

TEST_CASE("the members are told in their order, in pieces of any size") {
    for (std::size_t const piece : {1u, 7u, 511u, 512u, 513u, 100'000u}) {
        CAPTURE(piece);
        CHECK(told("", piece) == "open");
        CHECK(told(members, piece) == told_members + "open");
        CHECK(told(members + std::string(512, '\0'), piece) == told_members + "open");
        CHECK(told(members + tar_end(), piece) == told_members + "ended");
        CHECK(told(members + tar_end() + std::string(700, '\0'), piece) == told_members + "ended");
        CHECK(told(members + tar_end() + "x", piece) == told_members + "ended, data behind");
    }
}

TEST_CASE("a refusal comes behind the members before it, and stays") {
    auto const bad = tar_member({.path = "evil", .type = 'D'});
    for (std::size_t const piece : {1u, 512u, 100'000u}) {
        auto const text = told(members + bad + members + tar_end(), piece);
        CHECK(text.starts_with(told_members + "! "));
        CHECK(text.find("\"evil\"") != text.npos);
    }
    tar_headers headers;
    headers.feed(bad);
    CHECK_FALSE(headers.next());
    headers.feed(members);
    REQUIRE_FALSE(headers.next());
    CHECK(headers.next().error().code == errc::invalid_archive);
}

TEST_CASE("a tar that is cut anywhere but behind a member is refused") {
    std::size_t whole = 0;
    for (std::size_t cut = 0; cut <= members.size(); ++cut)
        if (told(std::string_view(members).substr(0, cut), 4096).ends_with("open")) ++whole;
    CHECK(whole == 8);  // nothing, six members, and the global header
}

}  // namespace pilothouse::tests::tar_headers_test
