#include "tests/integration/http/tls_client.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <stdexcept>

namespace pilothouse::tests {
namespace {

template <class Write>
void to_file(std::filesystem::path const& path, Write write) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> const file(std::fopen(path.c_str(), "w"),
                                                               &std::fclose);
    if (!file || write(file.get()) != 1) throw std::runtime_error("cannot write " + path.string());
}

std::string common_name(X509* certificate) {
    std::array<char, 100> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                              name.size());
    return name.data();
}

}  // namespace

http::tls_files make_certificate(std::filesystem::path const& folder, std::string const& name,
                                 long valid_for_seconds) {
    std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)> const key(EVP_EC_gen("P-256"),
                                                                    &::EVP_PKEY_free);
    std::unique_ptr<X509, decltype(&::X509_free)> const certificate(X509_new(), &::X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_for_seconds);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    X509_sign(certificate.get(), key.get(), EVP_sha256());

    http::tls_files files{.certificate = folder / "cert.pem", .key = folder / "key.pem"};
    to_file(files.certificate, [&](auto* f) { return PEM_write_X509(f, certificate.get()); });
    to_file(files.key, [&](auto* f) {
        return PEM_write_PrivateKey(f, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return files;
}

tls_client::tls_client(std::uint16_t port, std::string const& protocols, int newest_version)
    : wire_(port), context_(SSL_CTX_new(TLS_client_method())), session_(nullptr) {
    if (newest_version != 0) {
        SSL_CTX_set_min_proto_version(context_, 0);
        SSL_CTX_set_max_proto_version(context_, newest_version);
        SSL_CTX_set_security_level(context_, 0);  // or the client itself would refuse old versions
    }
    session_ = SSL_new(context_);
    std::string offered;
    for (std::size_t at = 0; at < protocols.size();) {
        auto const one = protocols.substr(at, protocols.find(',', at) - at);
        offered += static_cast<char>(one.size()) + one;
        at += one.size() + 1;
    }
    if (!offered.empty()) {
        SSL_set_alpn_protos(session_, reinterpret_cast<unsigned char const*>(offered.data()),
                            static_cast<unsigned>(offered.size()));
    }
    SSL_set_fd(session_, wire_.native());
    connected_ = SSL_connect(session_) == 1;
}

tls_client::~tls_client() {
    SSL_free(session_);
    SSL_CTX_free(context_);
}

std::string tls_client::protocol() const {
    unsigned char const* name = nullptr;
    unsigned length = 0;
    SSL_get0_alpn_selected(session_, &name, &length);
    return {reinterpret_cast<char const*>(name), length};
}

std::string tls_client::server_name() const {
    return common_name(SSL_get0_peer_certificate(session_));
}

bool tls_client::send(std::string_view bytes) {
    return SSL_write(session_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool tls_client::receive() {
    std::array<char, 16384> piece;
    int const n = SSL_read(session_, piece.data(), static_cast<int>(piece.size()));
    if (n <= 0) return false;
    received_.append(piece.data(), static_cast<std::size_t>(n));
    return true;
}

std::string tls_client::answer() {
    while (received_.find("\r\n\r\n") == std::string::npos) {
        if (!receive()) return std::exchange(received_, {});
    }
    auto const head_end = received_.find("\r\n\r\n") + 4;
    auto const length_text = field_of(received_, "Content-Length");
    std::size_t length = 0;
    std::from_chars(length_text.data(), length_text.data() + length_text.size(), length);
    while (received_.size() < head_end + length && receive()) {
    }
    auto const all = received_.substr(0, head_end + length);
    received_.erase(0, all.size());
    return all;
}

bool tls_client::ends() {
    return received_.empty() && !receive() &&
           (SSL_get_shutdown(session_) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace pilothouse::tests
