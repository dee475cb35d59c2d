#include "chart/inspection.hpp"

#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/unit/chart/inspected.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace pilothouse::tests::inspection_test {

namespace {

sha256_digest content_of(std::string_view archive) {
    auto const chart = inspected(archive);
    REQUIRE(chart);
    return chart->content;
}

}  // namespace

TEST_CASE("an accepted archive says name, version and metadata") {
    auto const chart = inspected(
        chart_builder("rigging", "v2.0.0+b").chart_yaml_with("description: Ropes\n").tgz());
    REQUIRE(chart);
    CHECK(chart->name.text() == "rigging");
    CHECK(chart->version.text() == "v2.0.0+b");
    CHECK(chart->metadata.description == "Ropes");
    CHECK(chart->metadata.api_version == "v2");
    CHECK(chart->warnings.empty());
}

TEST_CASE("content is the same for the same files, whatever their order, times and packing") {
    auto const content = content_of(chart_builder().tgz());
    auto const chart_yaml = "apiVersion: v2\nname: mychart\nversion: 1.2.3\n";
    auto const reversed =
        tar_member(
            {.path = "mychart/templates/x.yaml", .data = "kind: ConfigMap\n", .modified = 1}) +
        tar_member({.path = "mychart/", .type = '5'}) +
        tar_member({.path = "mychart/values.yaml", .data = "replicas: 1\n", .mode = 0600}) +
        tar_member({.path = "mychart/Chart.yaml", .data = chart_yaml, .type = '\0', .gnu = true});
    CHECK(content_of(gzip(reversed + tar_end(), 1)) == content);
    CHECK(content_of(gzip(reversed, 9)) == content);
    CHECK(content_of(chart_builder().top("./").tgz()) == content);
}

TEST_CASE("content differs when a name or a byte does") {
    auto const content = content_of(chart_builder().tgz());
    CHECK(content_of(chart_builder().file("values.yaml", "replicas: 2\n").tgz()) != content);
    CHECK(content_of(chart_builder().file("empty", "").tgz()) != content);
    CHECK(content_of(chart_builder().without("values.yaml").tgz()) != content);
    CHECK(content_of(chart_builder()
                         .without("templates/x.yaml")
                         .file("templates/y.yaml", "kind: ConfigMap\n")
                         .tgz()) != content);
    auto const first = tar_member({.path = "mychart/a", .data = "1"});
    auto const second = tar_member({.path = "mychart/a", .data = "2"});
    CHECK(content_of(chart_builder().raw(first + second).tgz()) !=
          content_of(chart_builder().raw(second + first).tgz()));
}

TEST_CASE("an archive cut at any byte is refused as invalid") {
    auto const archive = chart_builder().tgz();
    for (std::size_t cut = 0; cut < archive.size(); ++cut) {
        CAPTURE(cut);
        auto const chart = inspected(std::string_view(archive).substr(0, cut));
        REQUIRE_FALSE(chart);
        CHECK(chart.error().code == errc::invalid_archive);
        CHECK_FALSE(chart.error().detail.empty());
    }
}

TEST_CASE(
    "a tar cut at any byte within a whole gzip is refused, or complete enough to be a chart") {
    auto const tar = chart_builder().tar();
    std::size_t accepted = 0;
    for (std::size_t cut = 0; cut <= tar.size(); ++cut) {
        auto const chart = inspected(gzip(std::string_view(tar).substr(0, cut), 1));
        if (chart) ++accepted;
        if (!chart) CHECK_FALSE(chart.error().detail.empty());
    }
    CHECK(accepted > 0);
    CHECK(accepted < tar.size() / 2);
}

TEST_CASE("an archive with any one byte changed is refused or still a chart, never worse") {
    auto const archive = chart_builder().tgz();
    for (std::size_t at = 0; at < archive.size(); ++at) {
        auto changed = archive;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        auto const chart = inspected(changed);
        if (!chart) CHECK_FALSE(chart.error().detail.empty());
    }
    auto const tar = chart_builder().tar();
    for (std::size_t at = 0; at < tar.size(); at += 1) {
        auto changed = tar;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        auto const chart = inspected(gzip(changed, 1));
        if (!chart) CHECK_FALSE(chart.error().detail.empty());
    }
}

TEST_CASE("the bytes may come in pieces of any size") {
    auto const archive = chart_builder().tgz();
    auto const content = content_of(archive);
    for (std::size_t piece : {1u, 2u, 3u, 7u, 511u, 100'000u}) {
        auto const chart = chart::inspect(source_of(archive, piece));
        REQUIRE(chart);
        CHECK(chart->content == content);
    }
}

TEST_CASE("what the source throws comes out, wherever it is thrown") {
    auto const archive = chart_builder().tgz();
    for (std::size_t good : {std::size_t(0), std::size_t(5), archive.size() / 2}) {
        std::size_t given = 0;
        auto const source = [&](std::span<char> out) -> std::size_t {
            if (given == good) throw std::runtime_error("the disk is gone");
            out.front() = archive[given++];
            return 1;
        };
        CHECK_THROWS_AS((void)chart::inspect(source), std::runtime_error);
    }
}

TEST_CASE("limits are what the caller says") {
    auto const archive = chart_builder().tgz();
    chart::inspection_limits limits;
    limits.entries = 3;
    limits.path_bytes = 24;
    limits.file_bytes = 44;
    limits.unpacked_bytes = 73;
    limits.metadata_bytes = 44;
    CHECK(inspected(archive, limits));
    auto const refused = [&](auto member, std::uint64_t value) {
        auto less = limits;
        less.*member = value;
        auto const chart = inspected(archive, less);
        return !chart && chart.error().code == errc::unacceptable_chart;
    };
    CHECK(refused(&chart::inspection_limits::entries, 2));
    CHECK(refused(&chart::inspection_limits::path_bytes, 23));
    CHECK(refused(&chart::inspection_limits::file_bytes, 43));
    CHECK(refused(&chart::inspection_limits::unpacked_bytes, 72));
    CHECK(refused(&chart::inspection_limits::metadata_bytes, 43));
}

TEST_CASE("headers and padding without end are stopped too") {
    std::string members;
    for (int i = 0; i < 40; ++i)
        members += tar_member({.path = "././@PaxHeader",
                               .data = pax_records({{"comment", std::string(100'000, 'c')}}),
                               .type = 'g'});
    chart::inspection_limits limits;
    limits.unpacked_bytes = 10'000;
    limits.entries = 10;
    auto const chart = inspected(chart_builder().raw(members).tgz(), limits);
    REQUIRE_FALSE(chart);
    CHECK(chart.error().code == errc::unacceptable_chart);
    auto const tail = inspected(gzip(chart_builder().tar() + std::string(4'000'000, '\0')), limits);
    REQUIRE_FALSE(tail);
    CHECK(tail.error().code == errc::unacceptable_chart);
}

TEST_CASE("a refusal names the entry in printable characters") {
    auto const chart =
        inspected(chart_builder()
                      .member({.path = "mychart/../\x1b[2J\u202e\n" + std::string(80, 'x')})
                      .tgz());
    REQUIRE_FALSE(chart);
    CHECK(chart.error().detail.find("mychart/../?[2J") != std::string::npos);
    for (char const c : chart.error().detail) CHECK((c >= ' ' && c <= '~'));
}

}  // namespace pilothouse::tests::inspection_test
