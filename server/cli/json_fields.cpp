#include "server/cli/json_fields.hpp"

#include <boost/json/object.hpp>

namespace pilothouse::cli {

std::string text_at(boost::json::object const& o, std::string_view key) {
    auto const* const value = o.if_contains(key);
    auto const* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(*text);
}

}  // namespace pilothouse::cli
