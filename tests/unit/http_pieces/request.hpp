// A request head for tests, made of a method and header lines.
#pragma once

#include "server/http/request_head.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace pilothouse::http {

using field_list = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// The views must outlive the head: give literals.
inline request_head request(method m, field_list fields) {
    request_head head;
    head.method = m;
    head.path = "/";
    head.fields = fields;
    return head;
}

}  // namespace pilothouse::http
