// What a form says of itself and of each of its parts (RFC 7578, 4).
#pragma once

#include "base/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pilothouse::http {

struct form_part {
    std::string name;  // of the form's field; never empty
    // There when the part is a file, even if it is empty. As the client wrote it: it may be a whole
    // path (helm-push sends one), so use it for nothing.
    std::optional<std::string> file_name;
    std::string content_type;  // empty: none given
};

// The boundary that a Content-Type of multipart/form-data names: 1 to 70 characters (RFC 2046,
// 5.1.1). errc::invalid_request: another type, or no boundary, two of them, or an illegal one.
[[nodiscard]] result<std::string> boundary_of(std::string_view content_type);

// Reads the header lines of a part, without their CRLF. errc::invalid_request: a malformed line, no
// Content-Disposition of form-data with a name, one of these twice, or a transfer encoding that
// changes the bytes (RFC 7578 4.7 gave those up).
[[nodiscard]] result<form_part> parse_form_part(std::span<std::string const> lines);

// How every complaint about a body of this kind is worded.
[[nodiscard]] failure malformed_form(std::string_view why);

}  // namespace pilothouse::http
