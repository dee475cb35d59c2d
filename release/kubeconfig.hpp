// Kubeconfigs: read strictly, written anew with what is meant and no more.
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace pilothouse::release {

// One API server and one way to be known there. Secrets, all inline.
struct cluster_access {
    std::string server;               // `https://host[:port][/path]`
    std::string ca_pem;               // empty: the system's roots
    std::string tls_server_name;      // empty: the host's
    secret token;                     // either this …
    secret certificate_pem, key_pem;  // … or both of these
};

struct kubeconfig_rules {
    bool plain_http = false;  // for tests and tunnels
};

// Of the named context, else the current one, else the only one. errc::invalid_argument with the
// key and what to do instead: programs (`exec`), auth providers, references to files, passwords,
// proxies, `insecure-skip-tls-verify`, impersonation, no https, what is no kubeconfig.
// (contracts: releases 5.8, helm-engine 6)
[[nodiscard]] result<cluster_access> read_kubeconfig(secret const& whole, std::string_view context,
                                                     kubeconfig_rules rules = {});

// As JSON, which helm takes: one cluster, one user, one context.
[[nodiscard]] secret write_kubeconfig(cluster_access const& access);
// What write_kubeconfig wrote; of anything else as read_kubeconfig.
[[nodiscard]] result<cluster_access> reread_kubeconfig(secret const& whole);

}  // namespace pilothouse::release
