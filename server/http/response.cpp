#include "server/http/response.hpp"

namespace pilothouse::http {

response& response::header(std::string_view name, std::string_view value) & {
    header_lines_.append(name).append(": ").append(value).append("\r\n");
    return *this;
}

std::uint64_t response::body_length() const noexcept {
    if (auto const* text = std::get_if<std::string>(&body_)) return text->size();
    if (auto const* file = std::get_if<file_body>(&body_))
        return file->before.size() + file->length;
    if (stream() != nullptr) return 0;
    std::uint64_t length = 0;
    for (shared_bytes const& piece : std::get<std::vector<shared_bytes>>(body_)) {
        length += piece.bytes.size();
    }
    return length;
}

body_stream* response::stream() const noexcept {
    auto const* const held = std::get_if<std::shared_ptr<body_stream>>(&body_);
    return held == nullptr ? nullptr : held->get();
}

std::string_view reason_phrase(unsigned status) noexcept {
    switch (status) {
        case 100: return "Continue";
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 206: return "Partial Content";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 411: return "Length Required";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 416: return "Range Not Satisfiable";
        case 417: return "Expectation Failed";
        case 422: return "Unprocessable Content";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 504: return "Gateway Timeout";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: return "Unknown";
    }
}

}  // namespace pilothouse::http
