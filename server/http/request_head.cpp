#include "server/http/request_head.hpp"

#include <algorithm>

namespace pilothouse::http {

std::string_view name_of(method m) noexcept {
    switch (m) {
        case method::get: return "GET";
        case method::head: return "HEAD";
        case method::post: return "POST";
        case method::put: return "PUT";
        case method::patch: return "PATCH";
        case method::delete_: return "DELETE";
        case method::options: return "OPTIONS";
        case method::other: break;
    }
    return "other";
}

std::string_view request_head::field(std::string_view name) const noexcept {
    for (auto const& [key, value] : fields) {
        if (equal_ignoring_case(key, name)) return value;
    }
    return {};
}

std::size_t request_head::count(std::string_view name) const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        fields, [name](auto const& f) { return equal_ignoring_case(f.first, name); }));
}

}  // namespace pilothouse::http
