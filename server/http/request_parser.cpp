#include "server/http/request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace pilothouse::http {
namespace {

namespace beast = boost::beast;
using beast_error = beast::http::error;

std::string_view view(beast::string_view s) { return {s.data(), s.size()}; }

constexpr refusal too_long{414, "too_large", "the request line is too long"};

method method_of(beast::http::verb v) {
    switch (v) {
        case beast::http::verb::get: return method::get;
        case beast::http::verb::head: return method::head;
        case beast::http::verb::post: return method::post;
        case beast::http::verb::put: return method::put;
        case beast::http::verb::patch: return method::patch;
        case beast::http::verb::delete_: return method::delete_;
        case beast::http::verb::options: return method::options;
        default: return method::other;
    }
}

// A request line in good order but for its version, as that which opens HTTP/2, gets 505.
bool names_a_version(std::string_view head) {
    auto const line = head.substr(0, head.find("\r\n"));
    auto const version = line.substr(line.rfind(' ') + 1);
    auto const digit = [](char c) { return c >= '0' && c <= '9'; };
    return std::ranges::count(line, ' ') == 2 && version.size() == 8 &&
           version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' &&
           digit(version[7]);
}

refusal word(beast::error_code e, std::string_view head) {
    if (e == beast_error::bad_version && names_a_version(head)) {
        return {505, "invalid_request", "the versions of HTTP spoken here are 1.0 and 1.1"};
    }
    if (e == beast_error::header_limit) {
        return {431, "too_large", "the request has too many header fields"};
    }
    if (e == beast_error::bad_method || e == beast_error::bad_target ||
        e == beast_error::bad_version) {
        return malformed("the request line is malformed");
    }
    if (e == beast_error::bad_content_length || e == beast_error::multiple_content_length) {
        return malformed("Content-Length must be one decimal number, alone");
    }
    if (e == beast_error::bad_transfer_encoding) {
        return malformed("Transfer-Encoding must be exactly: chunked, without Content-Length");
    }
    return malformed("a header field is malformed");
}

failure bad_chunks() {
    return failure(errc::invalid_request, "the chunks of the body are malformed");
}

// Whether more bytes can help the header of a chunk for which Beast wants more. They cannot where
// it is too long already; nor where a quoted value runs past its line, which Beast would follow.
bool may_become_chunk(std::string_view rest, std::size_t extension_bytes) {
    std::size_t const size = rest.starts_with("\r\n") ? 2 : 0;  // behind the chunk before
    auto const end = rest.find("\r\n", size);
    if (end == std::string_view::npos) return rest.size() <= extension_bytes + 32;
    bool const is_last_chunk =
        rest[size] == '0' && std::string_view("; \t\r").find(
                                 rest[rest.find_first_not_of('0', size)]) != std::string_view::npos;
    return is_last_chunk && rest.find("\r\n\r\n", end) == std::string_view::npos;
}

}  // namespace

// Beast's grammar, writing into our vocabulary.
class request_parser::reader final : public beast::http::basic_parser<true> {
public:
    reader(bounds const& b, request_head& head) : bounds_(b), head_(head) {
        // Both limits are kept outside: the head arrives whole, and bodies are counted by their
        // reader.
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
    }

    std::string_view target;
    std::string_view data;         // what the last put() found of the body
    std::uint64_t chunk_left = 0;  // 0: a chunk's header comes next

private:
    void on_request_impl(beast::http::verb verb, beast::string_view text,
                         beast::string_view request_target, int version,
                         beast::error_code&) override {
        head_.method = method_of(verb);
        head_.method_text = view(text);
        head_.minor_version = version - 10;
        target = view(request_target);
    }
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value,
                       beast::error_code& e) override {
        if (is_header_done()) return;  // trailer fields mean nothing to us
        if (head_.fields.size() == bounds_.fields) {
            e = beast_error::header_limit;
            return;
        }
        head_.fields.emplace_back(view(name), view(value));
    }
    void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions,
                              beast::error_code& e) override {
        chunk_left = size;
        extension_bytes_ += extensions.size();
        if (extension_bytes_ > bounds_.chunk_extension_bytes) e = beast_error::bad_chunk_extension;
    }
    std::size_t on_body_impl(beast::string_view body, beast::error_code&) override {
        data = view(body);
        return body.size();
    }
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body,
                                   beast::error_code&) override {
        data = view(body);
        chunk_left -= body.size();
        return body.size();
    }
    void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
    void on_header_impl(beast::error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, beast::error_code&) override {}
    void on_finish_impl(beast::error_code&) override {}

    bounds bounds_;
    request_head& head_;
    std::size_t extension_bytes_ = 0;
};

// Made anew in place for each request: Beast's parser has no way back to its beginning.
struct request_parser::grammar {
    std::optional<reader> current;
};

request_parser::request_parser(bounds const& b)
    : bounds_(b), grammar_(std::make_unique<grammar>()) {}
request_parser::~request_parser() = default;

void request_parser::restart() {
    // The fields' memory is kept: most requests need no allocation.
    auto fields = std::move(head_.fields);
    fields.clear();
    head_ = {};
    head_.fields = std::move(fields);
    begin_ = line_ = searched_ = head_end_ = 0;
    has_request_line_ = false;
}

request_parser::progress request_parser::refuse(refusal r) {
    refused_ = r;
    return progress::refused;
}

request_parser::progress request_parser::read_head(std::string_view received) {
    auto const found = find_end(received);
    return found == progress::complete ? parse(received.substr(begin_, head_end_ - begin_)) : found;
}

// Line by line, so that the grammar is asked once, and what it would let pass is seen raw: folded
// lines are joined by Beast.
request_parser::progress request_parser::find_end(std::string_view received) {
    while (true) {
        auto const feed = received.find('\n', searched_);
        if (feed == std::string_view::npos) {
            searched_ = received.size();
            return judge_unfinished(received);
        }
        if (feed == line_ || received[feed - 1] != '\r') {
            return refuse(malformed("a line ends in LF without CR"));
        }
        auto const line = received.substr(line_, feed - 1 - line_);
        if (feed >= bounds_.header_bytes) return judge_unfinished(received);
        line_ = searched_ = feed + 1;
        if (!line.empty()) {
            if (!has_request_line_ && line.size() > request_line_bytes()) return refuse(too_long);
            if (has_request_line_ && (line[0] == ' ' || line[0] == '\t')) {
                return refuse(malformed("folded header lines are not taken"));
            }
            has_request_line_ = true;
        } else if (has_request_line_) {
            head_end_ = line_;
            return progress::complete;
        } else {
            begin_ = line_;
        }
    }
}

// A request that never ends, or never was one (a TLS greeting at the plain port), is refused as
// soon as that can be seen.
request_parser::progress request_parser::judge_unfinished(std::string_view received) {
    auto const request = received.substr(begin_);
    auto const first = request.empty() ? 'G' : request[0];
    if (first != '\r' && (first <= ' ' || first > '~')) {
        return refuse(malformed("this is not an HTTP request"));
    }
    auto const full = received.size() >= bounds_.header_bytes;
    if (!has_request_line_ && (full || request.size() > request_line_bytes() + 1)) {
        return refuse(too_long);
    }
    if (full) return refuse({431, "too_large", "the request's header is too large"});
    return progress::incomplete;
}

request_parser::progress request_parser::parse(std::string_view head) {
    auto& reader = grammar_->current.emplace(bounds_, head_);
    beast::error_code e;
    auto const consumed = reader.put({head.data(), head.size()}, e);
    if (e || !reader.is_header_done() || consumed != head.size()) return refuse(word(e, head));

    head_.chunked = reader.chunked();
    head_.keep_alive = reader.keep_alive();
    if (auto const length = reader.content_length()) head_.content_length = *length;
    if (reader.target.size() > bounds_.target_bytes) return refuse(too_long);
    if (auto const broken_rule = interpret(reader.target, head_)) return refuse(*broken_rule);
    return progress::complete;
}

result<request_parser::piece> request_parser::read_body(std::string_view received) {
    auto& reader = *grammar_->current;
    piece p;
    reader.data = {};
    // One step of the grammar at a time: a chunk's header gives no data, and the next step may.
    while (p.consumed < received.size() && reader.data.empty() && !reader.is_done()) {
        auto const rest = received.substr(p.consumed);
        // Beast asserts five bytes where it comes back to the last chunk; no body ends in fewer.
        if (head_.chunked && reader.chunk_left == 0 && rest[0] == '0' && rest.size() < 5) break;
        beast::error_code e;
        auto const step = reader.put({rest.data(), rest.size()}, e);
        if (e == beast_error::need_more) {
            if (!may_become_chunk(rest, bounds_.chunk_extension_bytes)) return bad_chunks();
            break;
        }
        if (e) return bad_chunks();
        p.consumed += step;
        if (reader.is_done() && head_.chunked) {
            // The trailer: its fields are dropped, but a folded line is refused as in the header.
            auto const trailer = rest.substr(0, step);
            if (trailer.find("\r\n ") != std::string_view::npos ||
                trailer.find("\r\n\t") != std::string_view::npos) {
                return bad_chunks();
            }
        }
    }
    p.data = reader.data;
    p.last = reader.is_done();
    return p;
}

}  // namespace pilothouse::http
