// Certificates made on the spot: an authority, and what it signs.
#pragma once

#include <memory>
#include <string>

struct evp_pkey_st;  // OpenSSL's
struct x509_st;      // OpenSSL's

namespace pilothouse::tests {

struct key_pair {
    std::string certificate_pem, key_pem;
};

class authority {
public:
    explicit authority(std::string const& name);
    ~authority();
    authority(authority const&) = delete;
    authority& operator=(authority const&) = delete;

    [[nodiscard]] std::string const& pem() const { return pem_; }
    // `names` as OpenSSL writes them: `IP:127.0.0.1`, `DNS:plane.test`; empty for clients.
    [[nodiscard]] key_pair issue(std::string const& common_name, std::string const& names) const;

private:
    std::unique_ptr<evp_pkey_st, void (*)(evp_pkey_st*)> key_;
    std::unique_ptr<x509_st, void (*)(x509_st*)> certificate_;
    std::string pem_;
};

}  // namespace pilothouse::tests
