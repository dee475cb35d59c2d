#include "release/kubernetes/json_fields.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

json::value const* find(json::value const& from, field_path path) {
    auto const* at = &from;
    for (auto const name : path) {
        auto const* const object = at->if_object();
        at = object != nullptr ? object->if_contains(name) : nullptr;
        if (at == nullptr) return nullptr;
    }
    return at;
}

std::string_view text(json::value const& from, field_path path) {
    auto const* const found = find(from, path);
    auto const* const string = found != nullptr ? found->if_string() : nullptr;
    return string != nullptr ? std::string_view(*string) : std::string_view();
}

std::int64_t number(json::value const& from, field_path path, std::int64_t otherwise) {
    auto const* const found = find(from, path);
    auto const* const whole = found != nullptr ? found->if_int64() : nullptr;
    return whole != nullptr ? *whole : otherwise;
}

json::array const& list(json::value const& from, field_path path) {
    static json::array const none;
    auto const* const found = find(from, path);
    auto const* const items = found != nullptr ? found->if_array() : nullptr;
    return items != nullptr ? *items : none;
}

json::value const* condition(json::value const& object, std::string_view type) {
    for (auto const& one : list(object, {"status", "conditions"}))
        if (text(one, {"type"}) == type) return &one;
    return nullptr;
}

bool holds(json::value const& object, std::string_view condition_type) {
    auto const* const found = condition(object, condition_type);
    return found != nullptr && text(*found, {"status"}) == "True";
}

}  // namespace pilothouse::release::kubernetes
