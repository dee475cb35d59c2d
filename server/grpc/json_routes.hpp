// The calls of the gRPC door as JSON over HTTP, so that curl can do what the SDKs do (contracts:
// releases 1.3).
#pragma once

#include "server/grpc/services.hpp"
#include "server/http/route.hpp"

#include <vector>

namespace pilothouse::rpc {

// How these doors word what went wrong: {code, message, details[]}.
class json_dialect final : public http::dialect {
public:
    [[nodiscard]] http::response refuse(http::exchange const& x, failure const& f) const override;
    [[nodiscard]] http::response no_route(unsigned status) const override;
};

// One for each prefix. The services outlive them.
[[nodiscard]] std::vector<http::door> json_doors(services& all);

}  // namespace pilothouse::rpc
