// Requests to other servers over HTTP/1.1 and TLS: bounded in every direction, whoever answers.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"
#include "client/off_switch.hpp"
#include "client/url.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse::client {

struct client_settings {
    std::chrono::milliseconds connect{10'000};  // to one address, TLS included
    std::chrono::milliseconds head{30'000};     // from the request's last byte to the answer's head
    std::chrono::milliseconds stall{30'000};    // for each 64 KiB of a body
    std::chrono::milliseconds total{600'000};   // for all of it, redirects included
    std::size_t head_bytes_max = 64 * 1024;
    unsigned redirects_max = 5;
    std::string ca_file;                        // PEM; trusted besides the system's certificates
    bool allow_private = false;                 // addresses that are not is_public(), at every hop
    std::string ca_pem = {};                    // where it is given, these alone are trusted
    std::string tls_name = {};                  // that the certificate must have; empty: the host's
    secret certificate_pem = {}, key_pem = {};  // shown to servers that ask who we are
    std::shared_ptr<off_switch> off = {};       // null: requests end by themselves alone
};

struct login {
    std::string user;  // empty: `password` is a bearer token
    secret password;
};

// Bytes that are read as they are sent: never held whole.
struct upload {
    std::uint64_t size_bytes = 0;
    // Up to so many bytes from this offset; 0: there are no more. Blocks.
    std::function<std::size_t(std::uint64_t offset, std::span<char> out)> read;
};

struct request {
    url where;
    std::string method = "GET";
    std::optional<login> who = {};                                 // for the first origin alone
    std::vector<std::pair<std::string, std::string>> fields = {};  // the same
    std::string body = {};
    std::vector<upload> uploads = {};  // behind `body`
    std::uint64_t answer_bytes_max = 100 * 1024 * 1024;
    // When it has to be over, where that is sooner than client_settings::total.
    std::chrono::steady_clock::time_point end = std::chrono::steady_clock::time_point::max();
};

struct answer {
    unsigned status = 0;
    url where;                                  // after redirects
    std::map<std::string, std::string> fields;  // names in lower case; of two the last
    std::uint64_t body_bytes = 0;
    std::string refusal;  // the body, or its first 64 KiB, when the status is not 2xx

    [[nodiscard]] bool success() const noexcept { return status >= 200 && status < 300; }
};

// Takes the next bytes of a 2xx answer's body; a failure ends the request, and is its answer.
using body_sink = std::function<result<void>(std::string_view)>;

// Keeps a connection open for the next request to the same origin. Lives on one core; one request
// at a time. Follows redirects of GET and HEAD, but not from https to http, and to no place twice.
class http_client {
public:
    // errc::unavailable: the file of certificates cannot be read; errc::invalid_argument: texts
    // in PEM form that are none.
    [[nodiscard]] static result<std::unique_ptr<http_client>> make(executor core,
                                                                   client_settings s);
    ~http_client();
    http_client(http_client const&) = delete;
    http_client& operator=(http_client const&) = delete;

    // Any status is an answer. errc::denied: an address that is not public, or a certificate that
    // is not trusted; errc::too_large; errc::timed_out; errc::unavailable: not reached, cut off,
    // not HTTP, redirected without end. The name is looked up without a deadline of ours: the
    // system's resolver has its own. What the sink got before a failure is worth nothing.
    [[nodiscard]] task<result<answer>> fetch(request what, body_sink sink);

private:
    struct state;
    explicit http_client(std::unique_ptr<state> s);
    std::unique_ptr<state> state_;
};

}  // namespace pilothouse::client
