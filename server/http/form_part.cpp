#include "server/http/form_part.hpp"

#include "base/ascii.hpp"
#include "server/http/field_syntax.hpp"

#include <algorithm>
#include <array>

namespace pilothouse::http {

namespace {

constexpr std::size_t boundary_max = 70;

bool is_boundary_character(char c) noexcept {
    return ascii::is_letter_or_digit(c) ||
           std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

bool is_boundary(std::string_view text) noexcept {
    return !text.empty() && text.size() <= boundary_max && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), is_boundary_character);
}

// Sets `once`, unless it was set before.
result<void> set(std::optional<std::string_view>& once, std::string_view value) {
    if (once) return malformed_form("a part has one header field twice");
    once = value;
    return {};
}

// What stands for a disposition's file name: either form makes the part a file. The second is one
// that RFC 7578 4.2 forbids and some clients send.
std::optional<std::string> file_name_of(parameterised const& disposition) {
    for (std::string_view const name : {"filename", "filename*"}) {
        if (auto const* value = disposition.find(name)) return *value;
    }
    return std::nullopt;
}

result<form_part> read_disposition(std::string_view text) {
    auto const disposition = parse_parameterised(text);
    if (!disposition) return malformed_form("a part's Content-Disposition cannot be read");
    if (!equal_ignoring_case(disposition->value, "form-data"))
        return malformed_form("a part's Content-Disposition is not form-data");
    for (std::string_view const name : {"name", "filename", "filename*"}) {
        if (disposition->count(name) > 1) return malformed_form("a part is named twice");
    }
    auto const* const name = disposition->find("name");
    if (name == nullptr || name->empty()) return malformed_form("a part has no name");
    return form_part{*name, file_name_of(*disposition), {}};
}

bool keeps_bytes(std::string_view transfer_encoding) noexcept {
    constexpr std::array<std::string_view, 3> plain = {"7bit", "8bit", "binary"};
    return std::any_of(plain.begin(), plain.end(),
                       [&](auto p) { return equal_ignoring_case(transfer_encoding, p); });
}

}  // namespace

failure malformed_form(std::string_view why) {
    return {errc::invalid_request, "the multipart body is malformed: " + std::string(why)};
}

result<std::string> boundary_of(std::string_view content_type) {
    auto const type = parse_parameterised(content_type);
    if (!type || !equal_ignoring_case(type->value, "multipart/form-data"))
        return failure(errc::invalid_request, "the body must be multipart/form-data");
    auto const* const boundary = type->find("boundary");
    if (boundary == nullptr || type->count("boundary") > 1 || !is_boundary(*boundary))
        return failure(errc::invalid_request,
                       "Content-Type: multipart/form-data must name one boundary, of 1 to 70 "
                       "characters as RFC 2046 allows them");
    return *boundary;
}

result<form_part> parse_form_part(std::span<std::string const> lines) {
    std::optional<std::string_view> disposition, type, encoding;
    for (std::string_view const line : lines) {
        auto const colon = std::min(line.find(':'), line.size());
        auto const name = line.substr(0, colon);
        auto const value = trim(line.substr(std::min(colon + 1, line.size())));
        // A folded line begins with a space, so its name is no token.
        if (colon == line.size() || !is_token(name) || !is_field_text(value))
            return malformed_form("a line in the header of a part is no header field");
        auto* const field = equal_ignoring_case(name, "Content-Disposition")         ? &disposition
                            : equal_ignoring_case(name, "Content-Type")              ? &type
                            : equal_ignoring_case(name, "Content-Transfer-Encoding") ? &encoding
                                                                                     : nullptr;
        if (field == nullptr) continue;
        if (auto const ok = set(*field, value); !ok) return ok.error();
    }
    if (!disposition) return malformed_form("a part has no Content-Disposition");
    if (encoding && !keeps_bytes(*encoding))
        return malformed_form("a part has a Content-Transfer-Encoding; send the bytes as they are");
    PILOTHOUSE_TRY(auto part, read_disposition(*disposition));
    part.content_type = type.value_or("");
    return part;
}

}  // namespace pilothouse::http
