// How many versions one request changes.
#include "registry/version_choice.hpp"

#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace pilothouse::tests::version_choice_test {

TEST_CASE("a request changes ten thousand versions, and not one more") {
    std::vector<storage::catalogue_entry> versions(registry::versions_at_once_max);
    CHECK(versions.size() == 10'000);
    CHECK(registry::check_number(versions));
    versions.emplace_back();
    auto const refused = registry::check_number(versions);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid_argument);
    CHECK(refused.error().detail.find("10000") != std::string::npos);
    CHECK(registry::check_number({}));
}

}  // namespace pilothouse::tests::version_choice_test
