// TLS of a listener: certificate and key, and the transport that speaks with them.
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "server/http/listener.hpp"
#include "server/http/transport.hpp"

#include <memory>

struct ssl_ctx_st;  // OpenSSL's

namespace pilothouse::http {

// Immutable, shared by the connections that were accepted under it. TLS 1.2 and 1.3; ALPN
// `http/1.1` alone, refused where a client offers protocols without it (RFC 7301 3.2).
class tls_context {
public:
    // errc::unavailable, with the file and the reason: unreadable, not PEM, a key of another
    // certificate, a certificate that has expired.
    [[nodiscard]] static result<std::shared_ptr<tls_context const>> load(tls_files const& files);
    ~tls_context();
    tls_context(tls_context const&) = delete;
    tls_context& operator=(tls_context const&) = delete;

    [[nodiscard]] instant expires() const noexcept { return expires_; }
    [[nodiscard]] std::unique_ptr<transport> accept(int socket) const;

private:
    explicit tls_context(ssl_ctx_st* owned) : native_(owned) {}

    ssl_ctx_st* native_;
    instant expires_;
};

}  // namespace pilothouse::http
