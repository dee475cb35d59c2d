// How GitLab words its answers (contracts: gitlab 1.2, 1.5, 1.6; settled 8).
#pragma once

#include "server/http/response.hpp"
#include "server/http/route.hpp"

#include <string_view>

namespace pilothouse::gitlab {

// A response with the header fields that every API answer carries (contracts: gitlab H6).
[[nodiscard]] http::response answer(unsigned status);

// The same for an answer that somebody else made.
[[nodiscard]] http::response with_usual_fields(http::response r);

// answer() with a JSON body.
[[nodiscard]] http::response json_answer(unsigned status, std::string body);

// {"message":"201 Created"}
[[nodiscard]] http::response created();

// GitLab's parameter validations: 400 {"error":"chart is missing"}, and nothing else in the body.
[[nodiscard]] http::response validation_error(std::string_view text);

// A file of exactly the limit (contracts: gitlab F7).
[[nodiscard]] http::response file_is_too_large();

// 404 {"message":"404 Not found", …}, with a small f (contracts: gitlab F4).
[[nodiscard]] http::response file_not_found(std::string_view reason);

// 404 {"message":"404 Format prov Not Found"}, and nothing else (contracts: gitlab F5).
[[nodiscard]] http::response format_not_found(std::string_view extension);

class words final : public http::dialect {
public:
    [[nodiscard]] http::response refuse(http::exchange const& x, failure const& f) const override;
    [[nodiscard]] http::response no_route(unsigned status) const override;
};

}  // namespace pilothouse::gitlab
