// A client that speaks TLS, and certificates made on the spot.
#pragma once

#include "server/http/listener.hpp"
#include "tests/integration/http/wire.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;      // OpenSSL's
struct ssl_ctx_st;  // OpenSSL's

namespace pilothouse::tests {

// Writes a self-signed certificate and its key into the folder.
http::tls_files make_certificate(std::filesystem::path const& folder, std::string const& name,
                                 long valid_for_seconds = 3600);

class tls_client {
public:
    // `protocols` are ALPN's, comma-separated, not sent where empty; 0 stands for any version.
    explicit tls_client(std::uint16_t port, std::string const& protocols = {},
                        int newest_version = 0);
    ~tls_client();
    tls_client(tls_client const&) = delete;
    tls_client& operator=(tls_client const&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    [[nodiscard]] std::string protocol() const;     // that ALPN chose
    [[nodiscard]] std::string server_name() const;  // of the certificate
    bool send(std::string_view bytes);
    [[nodiscard]] std::string answer();
    // Whether the server said good-bye properly.
    [[nodiscard]] bool ends();

private:
    bool receive();

    wire wire_;
    ssl_ctx_st* context_;
    ssl_st* session_;
    bool connected_ = false;
    std::string received_;
};

}  // namespace pilothouse::tests
