#include "auth/scopes.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace pilothouse::tests::scopes_test {

using auth::scope;
using storage::token_kind;

using names = std::vector<std::string>;

TEST_CASE("GitLab's scopes are legal for the kinds of token that GitLab gives them to") {
    for (char const* const name : {"api", "read_api", "read_user", "read_repository",
                                   "write_repository", "read_registry", "write_registry"})
        CHECK(auth::check_scopes(token_kind::personal, {name}).has_value());
    for (char const* const name : {"read_package_registry", "write_package_registry",
                                   "read_repository", "read_registry", "write_registry"})
        CHECK(auth::check_scopes(token_kind::deploy, {name}).has_value());
    CHECK(auth::check_scopes(token_kind::job, {}).has_value());
}

TEST_CASE("a scope that this kind of token cannot have is refused, and the legal ones are listed") {
    struct row {
        token_kind kind;
        names asked;
    };
    std::vector<row> const rows = {
        {token_kind::personal, {"read_package_registry"}},
        {token_kind::personal, {"write_package_registry"}},
        {token_kind::personal, {"api", "everything"}},
        {token_kind::personal, {"API"}},
        {token_kind::personal, {""}},
        {token_kind::personal, {"api,read_api"}},
        {token_kind::personal, {" api"}},
        {token_kind::personal, {}},
        {token_kind::deploy, {"api"}},
        {token_kind::deploy, {"read_api"}},
        {token_kind::deploy, {}},
    };
    for (auto const& [kind, asked] : rows) {
        CAPTURE(asked.size());
        auto const checked = auth::check_scopes(kind, asked);
        REQUIRE(!checked.has_value());
        CHECK(checked.error().code == errc::invalid_argument);
        for (std::string_view const legal : auth::legal_scopes(kind))
            CHECK(checked.error().detail.find(legal) != std::string::npos);
    }
}

TEST_CASE("the refusal of a scope does not repeat the caller's text") {
    auto const checked = auth::check_scopes(token_kind::personal, {"\x1b[2Jevil"});
    REQUIRE(!checked.has_value());
    CHECK(checked.error().detail.find("evil") == std::string::npos);
}

TEST_CASE("a job token takes no scope") {
    auto const checked = auth::check_scopes(token_kind::job, {"api"});
    REQUIRE(!checked.has_value());
    CHECK(checked.error().code == errc::invalid_argument);
}

TEST_CASE("names come back once each and in one order") {
    auto const checked =
        auth::check_scopes(token_kind::personal, {"read_user", "api", "read_user"});
    REQUIRE(checked.has_value());
    CHECK(*checked == names{"api", "read_user"});
}

TEST_CASE("bits stand for the scopes that give something here; all others give nothing") {
    CHECK(auth::scope_bits({}) == scope::none);
    CHECK(auth::scope_bits({"api"}) == scope::api);
    CHECK(auth::scope_bits({"read_api"}) == scope::read_api);
    CHECK(auth::scope_bits({"read_package_registry", "write_package_registry"}) ==
          (scope::read_package_registry | scope::write_package_registry));
    CHECK(auth::scope_bits({"read_user"}) == scope::read_user);
    CHECK(auth::scope_bits({"self_rotate", "api"}) == (scope::self_rotate | scope::api));
    CHECK(auth::scope_bits({"read_registry"}) == scope::other);
    CHECK(auth::scope_bits({"sudo"}) == scope::other);
    CHECK(auth::scope_bits({"of a later release"}) == scope::other);
    CHECK(!auth::has(auth::scope_bits({"write_repository"}), scope::api));
}

}  // namespace pilothouse::tests::scopes_test
