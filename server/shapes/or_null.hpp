// What may be unknown, as JSON: null where it is.
#pragma once

#include "base/clock.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace pilothouse::shapes {

[[nodiscard]] inline boost::json::value text_or_null(std::string const& text) {
    if (text.empty()) return nullptr;
    return boost::json::value(text);
}

// RFC 3339.
[[nodiscard]] inline boost::json::value time_or_null(std::optional<instant> const& t) {
    if (!t) return nullptr;
    return boost::json::value(to_rfc3339(*t));
}

// 0 is none.
[[nodiscard]] inline boost::json::value id_or_null(std::int64_t id) {
    if (id == 0) return nullptr;
    return id;
}

}  // namespace pilothouse::shapes
