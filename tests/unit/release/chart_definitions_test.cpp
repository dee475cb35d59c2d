#include "release/chart_definitions.hpp"

#include "tests/support/chart_builder.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

namespace pilothouse::tests::chart_definitions_test {

namespace {

result<void> check(std::string const& tgz) {
    tests::temp_dir folder;
    auto const file = folder.path() / "chart.tgz";
    std::ofstream(file, std::ios::binary) << tgz;
    return release::check_definitions(file);
}

std::string with(std::string const& path, std::string const& text = "kind: X\n") {
    return tests::chart_builder().file(path, text).tgz();
}

}  // namespace

TEST_CASE("what Helm would take for a definition is named, wherever it lies in a chart") {
    for (char const* const path :
         {"crds/a.yaml", "crds/deep/a.yml", "crds/a.json", "charts/sub/crds/a.yaml",
          "charts/sub/charts/deeper/crds/a.yaml"}) {
        CAPTURE(path);
        auto const none = check(with(path));
        REQUIRE_FALSE(none);
        CHECK(none.error().code == errc::wrong_state);
        CHECK(none.error().detail.find(path) != std::string::npos);
    }
    for (char const* const path : {"crds/a.YAML", "./crds/a.yaml"}) {
        CAPTURE(path);
        CHECK_FALSE(check(with(path)));
    }
    auto const packed = check(with("charts/sub-1.0.0.tgz", with("crds/a.yaml")));
    REQUIRE_FALSE(packed);
    CHECK(packed.error().code == errc::wrong_state);
    CHECK(packed.error().detail.find("charts/sub-1.0.0.tgz") != std::string::npos);
}

TEST_CASE("what Helm takes for no definition is let be") {
    for (char const* const path : {"templates/crds/a.yaml", "crds.yaml", "crds/README.md",
                                   "files/crds/a.yaml", "charts/crds.yaml", "charts/sub/a.yaml"}) {
        CAPTURE(path);
        CHECK(check(with(path)));
    }
    CHECK(check(with("charts/sub-1.0.0.tgz", with("templates/a.yaml"))));
    CHECK(check(with("charts/sub-1.0.0.tgz", "no archive")));
}

TEST_CASE("what cannot be read is no chart without definitions") {
    auto const good = with("crds/a.yaml");
    CHECK(check(good.substr(0, good.size() / 3)).error().code == errc::broken);
    CHECK(release::check_definitions("/nowhere/chart.tgz").error().code == errc::broken);
}

}  // namespace pilothouse::tests::chart_definitions_test
