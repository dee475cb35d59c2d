// The grammar that header fields share: tokens, quoted strings, lists, parameters (RFC 9110, 5.6).
#pragma once

#include "server/http/request_head.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::http {

[[nodiscard]] bool is_token_character(char c) noexcept;
[[nodiscard]] bool is_token(std::string_view text) noexcept;  // false for the empty text
// No control characters but tabs. Bytes above 0x7f are text.
[[nodiscard]] bool is_field_text(std::string_view text) noexcept;

// Without the spaces and tabs around it.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

// The elements of a comma-separated list, trimmed, empty ones left out. For lists whose elements
// hold no quoted strings.
[[nodiscard]] std::vector<std::string_view> list_elements(std::string_view list);

// A field that may be sent once only. nullopt: absent, or there more than once.
[[nodiscard]] std::optional<std::string_view> only_line(request_head const& head,
                                                        std::string_view name) noexcept;
// A field that holds a list: its lines joined by commas (RFC 9110, 5.3). nullopt: absent.
[[nodiscard]] std::optional<std::string> joined_lines(request_head const& head,
                                                      std::string_view name);

// A value and its parameters: `form-data; name="chart"`. Names of parameters keep their case; their
// values are unquoted.
struct parameterised {
    std::string_view value;
    std::vector<std::pair<std::string_view, std::string>> parameters;

    // nullptr: there is none of this name, in any letter case. `count` says how many there are.
    [[nodiscard]] std::string const* find(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
};

// nullopt: malformed. Views are into `text`. Empty parameters are skipped (RFC 9110, 5.6.6).
[[nodiscard]] std::optional<parameterised> parse_parameterised(std::string_view text);

}  // namespace pilothouse::http
