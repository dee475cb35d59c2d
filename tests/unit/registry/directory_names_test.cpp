#include "registry/directory_names.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::directory_names_test {

TEST_CASE("every name of a visibility, rule or role is read back as what it names") {
    for (auto const& name : registry::visibility_names())
        CHECK(registry::name_of(registry::parse_visibility(name).value()) == name);
    for (auto const& name : registry::duplicates_names())
        CHECK(registry::name_of(registry::parse_duplicates(name).value()) == name);
    for (auto const& name : registry::role_names())
        CHECK(registry::name_of(registry::parse_role(name).value()) == name);
}

TEST_CASE("the names are GitLab's, and in order") {
    using names = std::vector<std::string>;
    CHECK(registry::visibility_names() == names{"private", "internal", "public"});
    CHECK(registry::duplicates_names() == names{"refuse", "prerelease_only", "allow"});
    CHECK(registry::role_names() == names{"guest", "reporter", "developer", "maintainer", "owner"});
}

TEST_CASE("other words name nothing") {
    for (char const* const word : {"", "Public", "PRIVATE", " public", "none", "admin", "50"}) {
        CHECK(!registry::parse_visibility(word).has_value());
        CHECK(!registry::parse_duplicates(word).has_value());
        CHECK(!registry::parse_role(word).has_value());
    }
    CHECK(registry::name_of(storage::role::none) == "none");
}

}  // namespace pilothouse::tests::directory_names_test
