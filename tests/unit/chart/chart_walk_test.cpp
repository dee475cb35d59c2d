#include "chart/chart_walk.hpp"

#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace pilothouse::tests::chart_walk_test {

namespace {

// Reads what is called `read.me`, and refuses what is called `bad`.
struct visitor final : chart::chart_visitor {
    std::vector<std::string> looked_at;
    std::map<std::string, std::string> texts;

    result<bool> wants(chart::walked_file const& file) override {
        looked_at.push_back(file.path);
        if (file.path.ends_with("bad")) return failure(errc::denied, file.told);
        return file.path.ends_with("read.me");
    }
    result<void> see(chart::walked_file const& file, std::string const& text) override {
        texts[file.told] = text;
        if (text == "worse") return failure(errc::busy, file.told);
        return {};
    }
};

result<void> walk(std::string const& tgz, visitor& by) {
    tests::temp_dir folder;
    auto const file = folder.path() / "chart.tgz";
    std::ofstream(file, std::ios::binary) << tgz;
    return chart::walk_chart(file, by);
}

std::string with(std::string const& path, std::string const& text) {
    return tests::chart_builder().file(path, text).tgz();
}

}  // namespace

TEST_CASE("files are shown below their chart's folder, those of packed charts as well") {
    auto const sub = with("deep/read.me", "below");
    auto const packed = tests::chart_builder()
                            .file("read.me", "above")
                            .file("./odd//../read.me", "cleaned")
                            .file("charts/sub-1.0.0.tgz", sub)
                            .file("charts/none.tgz", "no gzip")
                            .file("files/sub-1.0.0.tgz", sub)
                            .tgz();
    visitor v;
    REQUIRE(walk(packed, v));
    CHECK(v.texts.at("charts/sub-1.0.0.tgz/deep/read.me") == "below");
    CHECK(v.texts.size() == 2);
    CHECK(std::ranges::count(v.looked_at, "Chart.yaml") == 2);
    CHECK(std::ranges::count(v.looked_at, "deep/read.me") == 1);
    CHECK(std::ranges::count(v.looked_at, "files/sub-1.0.0.tgz") == 1);
    CHECK(std::ranges::count(v.looked_at, "charts/none.tgz") == 0);
}

TEST_CASE("what the visitor says against a file ends the walk") {
    for (auto const& [path, text, code] :
         {std::tuple{"bad", "", errc::denied}, std::tuple{"read.me", "worse", errc::busy}}) {
        visitor v;
        auto const ended = walk(with("charts/sub-1.0.0.tgz", with(path, text)), v);
        REQUIRE_FALSE(ended);
        CHECK(ended.error().code == code);
        CHECK(ended.error().detail == "charts/sub-1.0.0.tgz/" + std::string(path));
    }
}

TEST_CASE("the walk has an end, in depth and in bytes") {
    visitor v;
    auto nested = with("read.me", "x");
    for (int i = 0; i < 8; ++i) nested = with("charts/sub-1.0.0.tgz", nested);
    CHECK(walk(nested, v));
    auto const deep = walk(with("charts/sub-1.0.0.tgz", nested), v);
    REQUIRE_FALSE(deep);
    CHECK(deep.error().code == errc::wrong_state);
    CHECK(walk(with("read.me", std::string(5 * 1024 * 1024, 'x')), v));
    auto const long_one = walk(with("read.me", std::string(5 * 1024 * 1024 + 1, 'x')), v);
    REQUIRE_FALSE(long_one);
    CHECK(long_one.error().code == errc::broken);
}

TEST_CASE("what cannot be read is broken") {
    visitor v;
    auto const good = with("read.me", "x");
    CHECK(walk(good.substr(0, good.size() / 3), v).error().code == errc::broken);
    CHECK(walk("no archive", v).error().code == errc::broken);
    CHECK(chart::walk_chart("/nowhere/chart.tgz", v).error().code == errc::broken);
    CHECK(walk(with("charts/sub-1.0.0.tgz", "\x1f\x8b no gzip"), v).error().code == errc::broken);
}

}  // namespace pilothouse::tests::chart_walk_test
