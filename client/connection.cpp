#include "client/connection.hpp"

#include "client/reach.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include <utility>
#include <vector>

namespace pilothouse::client {

namespace {

using tcp = asio::ip::tcp;
using resolver = asio::ip::basic_resolver<tcp, executor>;
namespace beast = boost::beast;

struct reachable {
    std::vector<tcp::endpoint> endpoints;
    bool some_private = false;
};

reachable only_allowed(resolver::results_type const& found, bool allow_private) {
    reachable r;
    for (auto const& one : found) {
        auto const endpoint = one.endpoint();
        if (allow_private || is_public(endpoint.address()))
            r.endpoints.push_back(endpoint);
        else
            r.some_private = true;
    }
    return r;
}

bool is_address(std::string const& host) {
    error_code wrong;
    (void)asio::ip::make_address(host, wrong);
    return !wrong;
}

failure untrusted(tls_stream& tls, error_code const& e) {
    auto const verdict = SSL_get_verify_result(tls.native_handle());
    if (verdict == X509_V_OK) return failure_of(e, "TLS");
    return {errc::denied, std::string("the server's certificate is not trusted: ") +
                              X509_verify_cert_error_string(verdict)};
}

// A name that the certificate does not have is no fault of the chain, so the chain's verdict is set
// by hand.
bool check_name(bool trusted, asio::ssl::verify_context& v, std::string const& host) {
    bool const good = asio::ssl::host_name_verification(host)(trusted, v);
    if (trusted && !good) X509_STORE_CTX_set_error(v.native_handle(), X509_V_ERR_HOSTNAME_MISMATCH);
    return good;
}

task<result<void>> shake_hands(connection& c, way how, url where, time_left time) {
    c.tls.emplace(c.tcp, how.trust);
    auto const& host = how.tls_name.empty() ? where.host() : how.tls_name;
    auto* const native = c.tls->native_handle();
    if (!is_address(host)) SSL_set_tlsext_host_name(native, host.c_str());
    static constexpr unsigned char protocols[] = "\x08http/1.1";
    SSL_set_alpn_protos(native, protocols, sizeof protocols - 1);
    error_code wrong;
    c.tls->set_verify_callback(
        [host](bool trusted, asio::ssl::verify_context& v) { return check_name(trusted, v, host); },
        wrong);
    if (wrong) co_return failure_of(wrong, "TLS");
    c.tcp.expires_at(time.within(how.connect));
    co_await c.tls->async_handshake(asio::ssl::stream_base::client,
                                    asio::redirect_error(use_task, wrong));
    if (wrong) co_return untrusted(*c.tls, wrong);
    co_return result<void>();
}

failure switched_off() { return {errc::unavailable, "requests are not made any more"}; }

}  // namespace

failure failure_of(error_code const& e, std::string_view while_doing) {
    namespace http = beast::http;
    std::string const doing(while_doing);
    if (e == beast::error::timeout) return {errc::timed_out, doing + ": it took too long"};
    if (e == http::error::body_limit) return {errc::too_large, "the answer is too large"};
    if (e == http::error::header_limit || e == http::error::buffer_overflow)
        return {errc::too_large, "the answer's head is too large"};
    if (e == http::error::partial_message || e == http::error::end_of_stream ||
        e == asio::error::eof || e == asio::ssl::error::stream_truncated)
        return {errc::unavailable, "the answer was cut off"};
    bool const not_http = e.category() == make_error_code(http::error::bad_version).category();
    if (not_http) return {errc::unavailable, "the answer is not HTTP: " + e.message()};
    return {errc::unavailable, doing + ": " + e.message()};
}

task<result<std::unique_ptr<connection>>> open_connection(way how, url where, time_left time) {
    error_code wrong;
    resolver names(how.core);
    auto const port = std::to_string(where.port());
    auto const found =
        co_await names.async_resolve(where.host(), port, asio::redirect_error(use_task, wrong));
    if (wrong)
        co_return failure(errc::unavailable,
                          where.host() + " cannot be looked up: " + wrong.message());
    auto const allowed = only_allowed(found, how.allow_private);
    if (allowed.endpoints.empty() && allowed.some_private)
        co_return failure(errc::denied, where.host() + " has no public address");
    auto made = std::make_unique<connection>(how.core, where.origin(), how.off);
    wrong = asio::error::host_not_found;
    for (auto const& endpoint : allowed.endpoints) {
        if (how.is_off()) co_return switched_off();
        made->tcp.expires_at(time.within(how.connect));
        co_await made->tcp.async_connect(endpoint, asio::redirect_error(use_task, wrong));
        if (!wrong) break;
        made->tcp.close();
    }
    if (wrong) co_return failure_of(wrong, "connecting to " + where.authority());
    if (how.is_off()) co_return switched_off();
    if (where.tls()) {
        auto const safe = co_await shake_hands(*made, how, where, time);
        if (!safe) co_return safe.error();
    }
    co_return made;
}

}  // namespace pilothouse::client
