// How the deploy API words its answers (contracts: releases 3).
#pragma once

#include "server/http/response.hpp"
#include "server/http/route.hpp"

#include <boost/json/value.hpp>

namespace pilothouse::qovery {

namespace json = boost::json;

[[nodiscard]] http::response shown(unsigned status, json::value const& body);
[[nodiscard]] http::response no_content();

// {"status":409,"error":"Conflict","message":"…"}
class words final : public http::dialect {
public:
    [[nodiscard]] http::response refuse(http::exchange const& x, failure const& f) const override;
    [[nodiscard]] http::response no_route(unsigned status) const override;
};

}  // namespace pilothouse::qovery
