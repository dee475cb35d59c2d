// An OpenAPI document as one page of HTML.
#pragma once

#include <boost/json/object.hpp>

#include <string>

namespace pilothouse::openapi {

// Without scripts, and with nothing from elsewhere. Takes the documents that binder makes.
[[nodiscard]] std::string page_of(boost::json::object const& document);

}  // namespace pilothouse::openapi
