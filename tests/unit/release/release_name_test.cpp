// Names of releases and namespaces.
#include "release/release_name.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace pilothouse::tests::release_name_test {

TEST_CASE("names of releases are DNS labels joined by dots, of at most 53 characters") {
    for (auto const* const good : {"a", "shop", "shop-1", "a.b", "1", "a-b.c-d"})
        CHECK_MESSAGE(release::check_release_name(good), good);
    CHECK(release::check_release_name(std::string(53, 'a')));
    for (auto const* const bad : {"", "-a", "a-", "--help", "A", "a_b", "a..b", ".a", "a.", "a b",
                                  "a/b", "a,b", "имя", "a\n", "a.-b", "a-.b"})
        CHECK_MESSAGE(!release::check_release_name(bad), bad);
    auto const long_name = release::check_release_name(std::string(54, 'a'));
    CHECK(long_name.error().code == errc::invalid_argument);
}

TEST_CASE("namespaces are DNS labels") {
    for (auto const* const good : {"a", "default", "team-1", "1"})
        CHECK_MESSAGE(release::check_namespace(good), good);
    CHECK(release::check_namespace(std::string(63, 'a')));
    for (auto const* const bad : {"", "-a", "a-", "A", "a.b", "a_b", "--all-namespaces"})
        CHECK_MESSAGE(!release::check_namespace(bad), bad);
    CHECK_FALSE(release::check_namespace(std::string(64, 'a')));
}

TEST_CASE("a cluster takes releases where its patterns say, else anywhere but in kube-*") {
    storage::cluster_record cluster;
    cluster.name = "dev";
    CHECK(release::check_namespace_policy(cluster, "default"));
    CHECK(release::check_namespace_policy(cluster, "kube"));
    CHECK_FALSE(release::check_namespace_policy(cluster, "kube-system"));
    cluster.namespaces = {"team-*", "shared"};
    CHECK(release::check_namespace_policy(cluster, "team-a"));
    CHECK(release::check_namespace_policy(cluster, "shared"));
    auto const refused = release::check_namespace_policy(cluster, "default");
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(refused.error().detail.find("team-*, shared") != std::string::npos);
    cluster.namespaces = {"kube-system"};
    CHECK(release::check_namespace_policy(cluster, "kube-system"));
}

}  // namespace pilothouse::tests::release_name_test
