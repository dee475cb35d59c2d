#include "registry/path_rules.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace pilothouse::tests::path_rules_test {

TEST_CASE("names that GitLab takes are taken") {
    for (char const* const name : {"a", "alice", "Alice.B-c_d", "_x", "0", "a--b", "a..b", ".x",
                                   "gitlab", "x.gits", "packages"})
        CHECK(registry::check_user_name(name));
    CHECK(registry::check_user_name(std::string(255, 'a')));
}

TEST_CASE("names that could hurt or confuse are refused with a reason") {
    for (char const* const name :
         {"", ".", "..", "a.", "-a", "a/b", "a b", " a", "a\n", "a%2F", "a.git", "A.GIT", "a.atom",
          ".git", "caf\xC3\xA9", "a:b", "a@b", "a+b", "\x1b[2J"}) {
        CAPTURE(name);
        auto const checked = registry::check_user_name(name);
        REQUIRE(!checked);
        CHECK(checked.error().code == errc::invalid_argument);
        CHECK(!checked.error().detail.empty());
    }
    CHECK(!registry::check_user_name(std::string(256, 'a')));
    CHECK(!registry::check_user_name(std::string("a\0b", 3)));
}

TEST_CASE("a project lies in a group, at any depth") {
    for (char const* const path : {"g/p", "G/P", "a/b/c/d/e", "grp/.hidden", "grp/api", "grp/v2",
                                   "apis/p", "a1/2", "1a/p", "grp/my-packages"})
        CHECK(registry::check_project_path(path));
    CHECK(registry::check_project_path(std::string(255, 'g') + "/" + std::string(255, 'p')));
}

TEST_CASE("paths that a URL could mean otherwise are refused") {
    for (char const* const path :
         {"",      "p",       "/",       "//",       "g/",         "/p",         "g//p",
          "g/p/",  "g/..",    "../p",    "g/./p",    "g/-",        "-/p",        "g/p q",
          "g/p?",  "g/p%2Fq", "g/p.git", "g/p.atom", "packages/p", "g/packages", "g/PACKAGES/p",
          "api/p", "API/p",   "v2/p",    "users/p",  "g\\p",       "7/p"}) {
        CAPTURE(path);
        auto const checked = registry::check_project_path(path);
        REQUIRE(!checked);
        CHECK(checked.error().code == errc::invalid_argument);
    }
    std::string deep = "g";
    for (int part = 1; part < 20; ++part) deep += "/p";
    CHECK(registry::check_project_path(deep));
    CHECK(!registry::check_project_path(deep + "/p"));
    std::string const long_part(255, 'p');
    std::string const parts = long_part + "/" + long_part + "/" + long_part + "/" + long_part;
    CHECK(registry::check_project_path(parts));
    CHECK(!registry::check_project_path(parts + "/p"));
}

}  // namespace pilothouse::tests::path_rules_test
