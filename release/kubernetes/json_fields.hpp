// Fields of what the API server answers, which may be there or not.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace pilothouse::release::kubernetes {

using field_path = std::initializer_list<std::string_view>;

// Null where the path leads nowhere.
[[nodiscard]] boost::json::value const* find(boost::json::value const& from, field_path path);
// Empty where there is no such text.
[[nodiscard]] std::string_view text(boost::json::value const& from, field_path path);
[[nodiscard]] std::int64_t number(boost::json::value const& from, field_path path,
                                  std::int64_t otherwise = 0);
// Empty where there is no such list.
[[nodiscard]] boost::json::array const& list(boost::json::value const& from, field_path path);
// Of `status.conditions`, the one of this type; null: there is none.
[[nodiscard]] boost::json::value const* condition(boost::json::value const& object,
                                                  std::string_view type);
// `True` is its status.
[[nodiscard]] bool holds(boost::json::value const& object, std::string_view condition_type);

}  // namespace pilothouse::release::kubernetes
