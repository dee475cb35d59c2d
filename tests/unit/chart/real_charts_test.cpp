// Real archives, where there are some: the folder named by PILOTHOUSE_REAL_CHARTS, otherwise the
// one that CMake found beside the source tree.
#include "tests/support/result_text.hpp"
#include "tests/unit/chart/inspected.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pilothouse::tests::real_charts_test {

namespace {

std::filesystem::path real_charts() {
    char const* const named = std::getenv("PILOTHOUSE_REAL_CHARTS");
    return named != nullptr ? named : PILOTHOUSE_REAL_CHARTS;
}

std::string read_file(std::filesystem::path const& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
}

}  // namespace

TEST_CASE("every real archive is accepted, under the name and version of its file") {
    if (real_charts().empty()) {
        MESSAGE("no folder of real archives");
        return;
    }
    std::size_t archives = 0;
    for (auto const& file : std::filesystem::directory_iterator(real_charts())) {
        if (file.path().extension() != ".tgz") continue;
        CAPTURE(file.path().filename().string());
        auto const chart = tests::inspected(read_file(file.path()));
        REQUIRE_MESSAGE(chart, chart.error().detail);
        CHECK(chart->warnings == std::vector<std::string>());
        CHECK(chart->name.text() + "-" + chart->version.text() == file.path().stem().string());
        ++archives;
    }
    CHECK(archives > 0);
}

}  // namespace pilothouse::tests::real_charts_test
