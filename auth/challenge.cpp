#include "auth/challenge.hpp"

namespace pilothouse::auth {

namespace {

constexpr std::string_view realm = R"(realm="GitLab Packages Registry")";

// The characters that RFC 6750, 3 allows in error_description; others have no business in a header.
std::string describable(std::string_view text) {
    std::string kept;
    for (char const c : text)
        if (c >= ' ' && c <= '~' && c != '"' && c != '\\') kept += c;
    return kept;
}

}  // namespace

std::string challenge(failure const& why) {
    if (condition_of(why.code) != condition::unauthenticated) return {};
    if (why.code == errc::unauthenticated) return std::string("Basic ").append(realm);
    return std::string("Bearer ")
        .append(realm)
        .append(R"(, error="invalid_token", error_description=")")
        .append(describable(why.detail))
        .append("\"");
}

}  // namespace pilothouse::auth
