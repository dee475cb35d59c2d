// The door that says what all doors take and answer: the OpenAPI document, and the same to read.
#pragma once

#include "server/http/route.hpp"

#include <string>

namespace pilothouse::openapi {

// `base_path`: what all addresses begin with; empty for none.
[[nodiscard]] http::door openapi_door(std::string const& base_path);

}  // namespace pilothouse::openapi
