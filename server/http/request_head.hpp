// A request's first line and header fields, checked for everything that could mean two things to
// two readers.
#pragma once

#include "base/ascii.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::http {

enum class method : std::uint8_t { get, head, post, put, patch, delete_, options, other };
[[nodiscard]] std::string_view name_of(method m) noexcept;

using ascii::equal_ignoring_case;

// Views live as long as the exchange. Field names are compared without regard to case.
struct request_head {
    http::method method = http::method::other;
    std::string_view method_text;
    std::string_view path;   // of the target, still percent-encoded, never empty, begins with '/'
    std::string_view query;  // without the '?'
    std::string_view host;
    int minor_version = 1;  // HTTP/1.0 or 1.1
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool expects_continue = false;
    bool keep_alive = true;

    // The first field of this name, or empty. `count` says how many there are.
    [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    [[nodiscard]] bool has_body() const noexcept {
        return chunked || content_length.value_or(0) > 0;
    }
};

}  // namespace pilothouse::http
