#include "server/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <ctime>

namespace pilothouse::http {
namespace {

failure unusable(std::filesystem::path const& file, std::string_view why) {
    auto const error = ERR_peek_last_error();
    char const* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
    ERR_clear_error();
    return failure(errc::unavailable,
                   "TLS: " + file.string() + ": " + std::string(why) +
                       (reason == nullptr ? std::string() : std::string(": ") + reason));
}

int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* length,
                    unsigned char const* offered, unsigned offered_length, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* match = nullptr;
    if (SSL_select_next_proto(&match, length, ours, sizeof ours - 1, offered, offered_length) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

// A server has no terminal to ask on: a key under a password is an error.
int no_password(char*, int, int, void*) { return 0; }

}  // namespace

tls_context::~tls_context() { SSL_CTX_free(native_); }

result<std::shared_ptr<tls_context const>> tls_context::load(tls_files const& files) {
    ERR_clear_error();
    SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
    if (context == nullptr) return unusable(files.certificate, "no TLS here");
    std::shared_ptr<tls_context> made(new tls_context(context));

    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    // Buffers only while bytes move; a write goes on from wherever the bytes lie by then.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
    SSL_CTX_set_default_passwd_cb(context, no_password);

    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
        return unusable(files.certificate, "not a readable certificate in PEM form");
    }
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return unusable(files.key, "not the certificate's private key in PEM form");
    }

    ASN1_TIME const* const end = X509_get0_notAfter(SSL_CTX_get0_certificate(context));
    std::tm civil{};
    if (ASN1_TIME_to_tm(end, &civil) != 1) {
        return unusable(files.certificate, "the certificate's end cannot be read");
    }
    auto const seconds = std::chrono::seconds(::timegm(&civil));
    // An end past what an instant holds (the year 2262) is never reached.
    made->expires_ =
        seconds >= instant::max().time_since_epoch() ? instant::max() : instant(seconds);
    if (X509_cmp_current_time(end) < 0) {
        return unusable(files.certificate, "expired on " + to_http_date(made->expires_));
    }
    return std::shared_ptr<tls_context const>(std::move(made));
}

}  // namespace pilothouse::http
