#include "server/http/request_id.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace pilothouse::http {

bool is_harmless_id(std::string_view id) noexcept {
    auto const legal = [](char c) {
        return ascii::is_letter_or_digit(c) || c == '.' || c == '_' || c == '-';
    };
    return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, legal);
}

}  // namespace pilothouse::http
