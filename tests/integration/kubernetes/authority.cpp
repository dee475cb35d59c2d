#include "tests/integration/kubernetes/authority.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace pilothouse::tests {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using certificate_ptr = std::unique_ptr<X509, void (*)(X509*)>;

key_ptr new_key() { return {EVP_EC_gen("P-256"), &::EVP_PKEY_free}; }

certificate_ptr unsigned_certificate(std::string const& name, EVP_PKEY* key, long serial) {
    certificate_ptr made(X509_new(), &::X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 7200);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<unsigned char const*>(name.c_str()), -1, -1, 0);
    return made;
}

void extend(X509* certificate, X509* issuer, int what, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

template <class Write>
std::string pem_of(Write write) {
    std::unique_ptr<BIO, int (*)(BIO*)> const memory(BIO_new(BIO_s_mem()), &::BIO_free);
    if (write(memory.get()) != 1) throw std::runtime_error("cannot write PEM");
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(memory.get(), &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace

authority::authority(std::string const& name)
    : key_(new_key()), certificate_(unsigned_certificate(name, key_.get(), 1)) {
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
    extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_.get(), key_.get(), EVP_sha256());
    pem_ = pem_of([this](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
}

authority::~authority() = default;

key_pair authority::issue(std::string const& common_name, std::string const& names) const {
    auto const key = new_key();
    auto const made = unsigned_certificate(common_name, key.get(), 2);
    X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
    if (!names.empty()) extend(made.get(), certificate_.get(), NID_subject_alt_name, names);
    X509_sign(made.get(), key_.get(), EVP_sha256());
    return {pem_of([&](BIO* out) { return PEM_write_bio_X509(out, made.get()); }),
            pem_of([&](BIO* out) {
                return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr,
                                                nullptr);
            })};
}

}  // namespace pilothouse::tests
