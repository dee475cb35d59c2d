// Every setting of the server, where its value came from, and what is wrong with it.
#pragma once

#include "auth/login_throttle.hpp"
#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "chart/inspection.hpp"
#include "index/index_snapshot.hpp"
#include "release/cluster_rules.hpp"
#include "release/release_limits.hpp"
#include "server/http/listener.hpp"
#include "server/http/request_limiter.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse {

// How often; 0: never by itself.
struct housekeeping_times {
    std::chrono::milliseconds retention = std::chrono::hours(1);
    std::chrono::milliseconds gc = std::chrono::hours(24);
    std::chrono::milliseconds audit_keep = std::chrono::hours(365 * 24);      // 0: for ever
    std::chrono::milliseconds operations_keep = std::chrono::hours(30 * 24);  // 0: for ever
};

struct helm_settings {
    std::string program;                           // empty: the one on the path
    std::uint64_t data_bytes = 512 * 1024 * 1024;  // of one process
    std::chrono::milliseconds grace{60'000};       // between asking it to end and ending it
};

struct webhook_settings {
    bool allow_private = false;
    std::string ca_file;
    std::chrono::milliseconds timeout{10'000};
    std::chrono::milliseconds first_retry{5'000};
};

struct settings {
    std::string data = "data";
    std::string listen = "127.0.0.1:8080";
    std::string base_path;    // in front of every path: "/charts"
    std::size_t threads = 0;  // event loops; 0: one a processor
    std::string tls_certificate;
    std::string tls_key;
    std::string metrics_listen;  // empty: /metrics on the main address, for administrators
    http::limits http;
    chart::inspection_limits charts;
    index::index_format index_format = index::index_format::json;
    std::uint64_t index_memory = 1024ull * 1024 * 1024;  // bytes
    std::size_t file_threads = 4;
    std::size_t inspection_threads = 2;
    std::size_t inspections_waiting = 64;  // at most; one more is answered 503
    log_level log_least = log_level::info;
    log_format log_form = log_format::text;
    std::chrono::milliseconds drain_delay{0};
    housekeeping_times housekeeping;
    std::vector<ip_network> trusted_proxies;
    auth::login_limits logins;
    http::request_rates rates;
    std::string grpc_listen;   // empty: no gRPC
    std::string grpc_address;  // `host:port` that clients are told; empty: grpc_listen's
    bool grpc_plaintext = false;
    std::string cluster_key_file;  // empty: keys/clusters in the data folder
    bool cluster_plain_http = false;
    release::cluster_registrars cluster_registrars = release::cluster_registrars::owners;
    helm_settings helm;
    release::release_limits releases;
    std::size_t deployments_waiting = 0;  // of a service; 0: refused
    webhook_settings webhooks;
};

// One setting: how it is called in the file (`limits.idle_time`), on the command line
// (`--limits-idle-time`) and in the environment (`PILOTHOUSE_LIMITS_IDLE_TIME`), and how its text
// becomes a value.
struct setting {
    std::string key;
    std::string help;
    // Returns what is wrong with the text, if anything.
    std::function<std::optional<std::string>(settings&, std::string const&)> set;
    std::function<std::string(settings const&)> get;

    [[nodiscard]] std::string flag() const;
    [[nodiscard]] std::string variable() const;
};

// All of them, in the order of config/pilothouse.yaml.
[[nodiscard]] std::vector<setting> const& all_settings();

// Where values come from: flag before environment before file before default.
struct setting_sources {
    std::map<std::string, std::string> flags;             // by key
    std::function<char const*(char const*)> environment;  // std::getenv, or a test's own
    std::optional<std::string> file;                      // path; empty: none
};

struct loaded_settings {
    settings values;
    std::map<std::string, std::string> source_of;  // key → "default", "file", "environment", "flag"
};

// errc::invalid_argument with every fault, one a line, each with its place and what to do: unknown
// keys (with the nearest known one), keys that are there twice, values that do not parse or are out
// of range (with the range), a file that cannot be read.
[[nodiscard]] result<loaded_settings> load_settings(setting_sources const& sources);

// "127.0.0.1:8080", "[::1]:8080", ":8080" (all addresses); the port 0 asks for any.
[[nodiscard]] std::optional<http::listen_address> parse_listen_address(std::string_view text);

}  // namespace pilothouse
