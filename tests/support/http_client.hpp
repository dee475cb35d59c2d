// A blocking HTTP client that sends exactly what a test tells it to.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::tests {

struct http_reply {
    unsigned status = 0;                         // 0: the connection ended without an answer
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    [[nodiscard]] std::string header(std::string const& lower_case_name) const;
};

using http_headers = std::vector<std::pair<std::string, std::string>>;

// One connection to 127.0.0.1. Every wait ends after some seconds; a reply that did not come has
// status 0.
class http_client {
public:
    explicit http_client(std::uint16_t port);
    ~http_client();
    http_client(http_client const&) = delete;
    http_client& operator=(http_client const&) = delete;

    // Adds Host, and Content-Length where there is a body.
    http_reply request(std::string_view method, std::string_view target,
                       http_headers const& headers = {}, std::string_view body = {});
    void send(std::string_view bytes);
    // `to_head`: the answer has no body whatever it declares.
    http_reply receive(bool to_head = false);
    // The status and the fields; the body stays unread.
    http_reply receive_head();
    // True when the server has ended the connection.
    [[nodiscard]] bool ended();

private:
    bool fill();

    int socket_;
    std::string buffer_;
};

// "Basic …" of user and password.
[[nodiscard]] std::string basic(std::string const& user, std::string const& password);

// A multipart/form-data body; a part with a file name is a file.
struct form_field {
    std::string name;
    std::string content;
    std::string file_name;
};
inline constexpr std::string_view form_type = "multipart/form-data; boundary=a-boundary";
[[nodiscard]] std::string form_body(std::vector<form_field> const& fields);

}  // namespace pilothouse::tests
