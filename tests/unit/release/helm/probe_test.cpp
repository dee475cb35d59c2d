#include "release/helm/probe.hpp"

#include "tests/support/result_text.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

#include <sys/stat.h>

namespace pilothouse::tests::probe_test {

using namespace pilothouse::release::helm;

namespace {

void write_program(std::filesystem::path const& file, std::string const& text) {
    std::ofstream(file) << text;
    ::chmod(file.c_str(), 0755);
}

}  // namespace

TEST_CASE("versions are read as both Helms write them") {
    struct row {
        char const* text;
        int major, minor;
    };
    for (auto const& r : {row{"v3.21.4", 3, 21}, row{"v4.2.4\n", 4, 2}, row{"v3.21", 3, 21},
                          row{"v4.2.0-rc.1+g1234", 4, 2}, row{"v10.0.0", 10, 0}}) {
        CAPTURE(r.text);
        auto const v = parse_version(r.text);
        REQUIRE(v);
        CHECK(v->major == r.major);
        CHECK(v->minor == r.minor);
    }
    for (char const* const text : {"", "v", "v3", "3.1.2", "v.1", "v3.", "vx.y", "v-3.1",
                                   "v99999999999.1", "v3.21.4 and\nmore", "Client: v2.1"}) {
        CAPTURE(text);
        CHECK(!parse_version(text));
    }
}

TEST_CASE("a helm that cannot be driven is refused, with what to do") {
    for (char const* const good : {"v3.13.0", "v3.21.4", "v4.0.0", "v4.99.0"})
        CHECK(check_version(*parse_version(good)));
    for (char const* const bad : {"v2.17.0", "v3.12.9", "v5.0.0", "v0.1.0"}) {
        auto const refused = check_version(*parse_version(bad));
        REQUIRE(!refused);
        CHECK(refused.error().code == errc::unavailable);
        CHECK(refused.error().detail.find("Helm 3.13 or newer") != std::string::npos);
    }
}

TEST_CASE("the program is the one that is named, else the first in an absolute folder of PATH") {
    tests::temp_dir folder;
    auto const at = folder.path();
    std::filesystem::create_directories(at / "a");
    std::filesystem::create_directories(at / "b" / "helm");  // a folder is no program
    std::filesystem::create_directories(at / "c");
    std::ofstream(at / "a" / "helm") << "not executable";
    write_program(at / "c" / "helm", "#!/bin/sh\n");
    auto const path =
        ".::" + (at / "a").string() + ":" + (at / "b").string() + ":" + (at / "c").string();
    CHECK(find_helm({}, path).value() == at / "c" / "helm");
    CHECK(find_helm(at / "c" / "helm", "").value() == at / "c" / "helm");
    for (auto const& missing : {find_helm({}, ""), find_helm({}, (at / "a").string()),
                                find_helm(at / "none", path), find_helm("c/helm", path)}) {
        REQUIRE(!missing);
        CHECK(missing.error().code == errc::unavailable);
        CHECK(missing.error().detail.find("helm.sh") != std::string::npos);
    }
}

TEST_CASE("the version is asked for once, and again when the program is another") {
    tests::temp_dir folder;
    auto const program = folder.path() / "helm";
    write_program(program, "one");
    int asked = 0;
    result<std::string> answer = std::string("v3.21.4");
    probe look_for(program, [&](std::filesystem::path const&) {
        ++asked;
        return answer;
    });
    CHECK(look_for.look().value().version.major == 3);
    CHECK(look_for.look().value().program == program);
    CHECK(asked == 1);
    std::filesystem::remove(program);
    CHECK(!look_for.look());
    write_program(program, "another");
    answer = std::string("v4.2.4");
    CHECK(look_for.look().value().version.major == 4);
    CHECK(asked == 2);
}

TEST_CASE("a failure to tell the version is not remembered") {
    tests::temp_dir folder;
    auto const program = folder.path() / "helm";
    write_program(program, "one");
    result<std::string> answer = failure(errc::unavailable, "no");
    probe look_for(program, [&](std::filesystem::path const&) { return answer; });
    CHECK(look_for.look().error().code == errc::unavailable);
    answer = std::string("garbage");
    CHECK(look_for.look().error().code == errc::unavailable);
    answer = std::string("v2.1.0");
    CHECK(look_for.look().error().code == errc::unavailable);
    answer = std::string("v4.2.4");
    CHECK(look_for.look().value().version.text == "v4.2.4");
}

}  // namespace pilothouse::tests::probe_test
