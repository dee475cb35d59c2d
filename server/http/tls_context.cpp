#include "server/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <string>
#include <system_error>

namespace pilothouse::http {
namespace {

// A server has no terminal to ask on: a key under a password is an error. Keys are loaded one at a
// time a thread.
thread_local bool asked_for_password = false;
int no_password(char*, int, int, void*) {
    asked_for_password = true;
    return 0;
}

failure unusable(std::filesystem::path const& file, std::string_view why) {
    auto const error = ERR_peek_last_error();
    char const* reason = error == 0 ? nullptr : ERR_reason_error_string(error);
    ERR_clear_error();
    return failure(errc::unavailable,
                   "TLS: " + file.string() + ": " + std::string(why) +
                       (reason == nullptr ? std::string() : std::string(": ") + reason));
}

std::string reason_of(int error_number) {
    return std::error_code(error_number, std::generic_category()).message();
}

// In words, before OpenSSL says "PEM lib" to everything.
result<void> check_readable(std::filesystem::path const& file, std::string const& setting) {
    std::string const told = "TLS: " + file.string() + " (setting " + setting + ") ";
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        return failure(errc::unavailable, told + "is a folder: name the PEM file in it");
    errno = 0;
    if (std::ifstream(file).is_open()) return {};
    int const why = errno;
    if (why == ENOENT)
        return failure(errc::unavailable,
                       told + "is not there: put it there, or correct the setting");
    return failure(errc::unavailable,
                   told + "cannot be read: " + reason_of(why) + "; let the server's user read it");
}

// After the key was refused.
failure refused_key(std::filesystem::path const& key, std::filesystem::path const& certificate) {
    auto const error = ERR_peek_error();
    ERR_clear_error();
    std::string const told = "TLS: " + key.string() + " (setting tls.key) ";
    if (ERR_GET_LIB(error) == ERR_LIB_X509)
        return failure(errc::unavailable, told + "is not the key of the certificate in " +
                                              certificate.string() +
                                              ": name the pair that belongs together");
    if (asked_for_password)
        return failure(errc::unavailable,
                       told +
                           "is under a password, and nobody is there to type it: keep a copy "
                           "without one (openssl pkey -in KEY -out COPY), readable by the "
                           "server's user alone");
    return failure(errc::unavailable,
                   told + "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)");
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

    if (auto const good = check_readable(files.certificate, "tls.certificate"); !good)
        return good.error();
    if (auto const good = check_readable(files.key, "tls.key"); !good) return good.error();
    if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
        ERR_clear_error();
        return failure(errc::unavailable,
                       "TLS: " + files.certificate.string() +
                           " (setting tls.certificate) holds no certificate in PEM form "
                           "(-----BEGIN CERTIFICATE-----)");
    }
    asked_for_password = false;
    if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context) != 1) {
        return refused_key(files.key, files.certificate);
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
