#include "server/http/request_rules.hpp"

#include "server/http/field_syntax.hpp"

#include <algorithm>

namespace pilothouse::http {
namespace {

using verdict = std::optional<refusal>;

using ascii::is_digit;
using ascii::is_letter_or_digit;

// Where the body ends must be beyond doubt: whoever finds another end takes a part of the body for
// a request (request smuggling).
verdict check_framing(request_head const& head) {
    auto const lengths = head.count("Content-Length");
    auto const codings = head.count("Transfer-Encoding");
    if (lengths > 1 || head.field("Content-Length").find(',') != std::string_view::npos) {
        return malformed("more than one Content-Length");
    }
    if (codings == 0) return {};
    if (lengths > 0) return malformed("Content-Length together with Transfer-Encoding");
    if (codings > 1) return malformed("more than one Transfer-Encoding");
    if (head.minor_version == 0) return malformed("Transfer-Encoding in an HTTP/1.0 request");
    auto const coding = head.field("Transfer-Encoding");
    if (equal_ignoring_case(coding, "chunked")) return {};
    if (!coding.empty() && std::ranges::all_of(coding, is_token_character)) {
        return refusal{501, "not_implemented", "the only transfer coding known here is chunked"};
    }
    return malformed("Transfer-Encoding must be exactly: chunked");
}

verdict check_method(request_head const& head) {
    if (head.method_text == "CONNECT") {
        return refusal{501, "not_implemented", "this server is not a proxy"};
    }
    return {};
}

constexpr std::size_t name_bytes_max = 255;  // RFC 1035, 2.3.4

// host [ ":" port ]. Names are narrower than RFC 3986 allows: only what DNS and IP literals need.
bool is_authority(std::string_view text) {
    std::size_t host_end = 0;
    if (text.starts_with('[')) {
        host_end = text.find(']');
        if (host_end == std::string_view::npos || host_end == 1) return false;
        auto const address = text.substr(1, host_end - 1);
        auto const legal = [](char c) {
            return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
                   c == '.';
        };
        if (!std::ranges::all_of(address, legal)) return false;
        ++host_end;
    } else {
        host_end = std::min(text.find(':'), text.size());
        auto const name = text.substr(0, host_end);
        if (name.size() > name_bytes_max) return false;
        auto const legal = [](char c) {
            return is_letter_or_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
        };
        if (name.empty() || !std::ranges::all_of(name, legal)) return false;
    }
    if (host_end == text.size()) return true;
    if (text[host_end] != ':') return false;
    auto const port = text.substr(host_end + 1);
    return port.size() <= 5 && std::ranges::all_of(port, is_digit);
}

verdict check_host(request_head& head) {
    auto const count = head.count("Host");
    if (count > 1) return malformed("more than one Host");
    if (count == 0) {
        if (head.minor_version > 0) return malformed("an HTTP/1.1 request must name its Host");
        return {};
    }
    head.host = head.field("Host");
    if (!is_authority(head.host)) return malformed("Host is not a name or address with a port");
    return {};
}

// Leaves path and query of `rest`, which begins with '/' or '?' or is empty.
void split_path(std::string_view rest, request_head& head) {
    auto const mark = std::min(rest.find('?'), rest.size());
    head.path = mark == 0 ? std::string_view("/") : rest.substr(0, mark);
    head.query = mark < rest.size() ? rest.substr(mark + 1) : std::string_view();
}

verdict check_absolute(std::string_view target, request_head& head) {
    auto const scheme_end = target.find("://");
    auto const scheme = target.substr(0, std::min(scheme_end, target.size()));
    if (scheme_end == std::string_view::npos ||
        !(equal_ignoring_case(scheme, "http") || equal_ignoring_case(scheme, "https"))) {
        return malformed("the target must begin with / or http://");
    }
    auto const rest = target.substr(scheme_end + 3);
    auto const authority = rest.substr(0, std::min(rest.find_first_of("/?"), rest.size()));
    if (!is_authority(authority)) return malformed("the target's host is malformed");
    if (head.host.empty()) head.host = authority;
    if (!equal_ignoring_case(authority, head.host)) {
        return malformed("the target's host is not the one of the Host field");
    }
    split_path(rest.substr(authority.size()), head);
    return {};
}

verdict check_target(std::string_view target, request_head& head) {
    auto const raw = [](char c) { return static_cast<unsigned char>(c) >= 0x80 || c == '#'; };
    if (std::ranges::any_of(target, raw)) {
        return malformed("the target holds a byte that must be percent-encoded");
    }
    if (target == "*" && head.method == method::options) {
        return refusal{501, "not_implemented", "OPTIONS is answered for a path only"};
    }
    if (!target.starts_with('/')) return check_absolute(target, head);
    split_path(target, head);
    return {};
}

verdict check_expectation(request_head& head) {
    for (auto const& [name, value] : head.fields) {
        if (!equal_ignoring_case(name, "Expect")) continue;
        if (!equal_ignoring_case(value, "100-continue")) {
            return refusal{417, "invalid_request", "the only expectation met here is 100-continue"};
        }
        // An HTTP/1.0 client would take the interim answer for the final one (RFC 9110 10.1.1).
        head.expects_continue = head.minor_version > 0;
    }
    return {};
}

}  // namespace

std::optional<refusal> interpret(std::string_view target, request_head& head) {
    if (auto refused = check_framing(head)) return refused;
    if (auto refused = check_method(head)) return refused;
    if (auto refused = check_host(head)) return refused;
    if (auto refused = check_target(target, head)) return refused;
    return check_expectation(head);
}

}  // namespace pilothouse::http
