// All settings, one a row, in the order of config/pilothouse.yaml.
#include "server/setting_kinds.hpp"
#include "server/settings.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace pilothouse {

namespace {

using namespace setting_kinds;

#define PILOTHOUSE_FIELD(member) [](settings& s) -> auto& { return s.member; }

}  // namespace

std::vector<setting> const& all_settings() {
    using namespace std::string_view_literals;
    using format = std::pair<std::string_view, index::index_format>;
    using level = std::pair<std::string_view, log_level>;
    using form = std::pair<std::string_view, log_format>;
    using registrars = std::pair<std::string_view, release::cluster_registrars>;
    static std::vector<setting> const table = {
        folder_setting("data", "the folder that holds everything", PILOTHOUSE_FIELD(data)),
        address_setting("listen", "where clients connect", &settings::listen, false),
        base_path_setting(),
        count_setting("threads", "event loops; 0: one a processor", PILOTHOUSE_FIELD(threads),
                      {0, 1024}),
        text_setting("tls.certificate", "PEM file, the chain included; empty: plain HTTP",
                     PILOTHOUSE_FIELD(tls_certificate)),
        text_setting("tls.key", "PEM file of the certificate's private key",
                     PILOTHOUSE_FIELD(tls_key)),
        address_setting(
            "metrics.listen",
            "an address for /metrics, open to whoever reaches it; empty: administrators "
            "read it at the main address",
            &settings::metrics_listen, true),
        choice_setting("index.format", "how index.yaml is written", PILOTHOUSE_FIELD(index_format),
                       std::array{format{"json", index::index_format::json},
                                  format{"yaml", index::index_format::yaml}}),
        bytes_setting("index.memory", "indexes in memory; the channels read longest ago make room",
                      PILOTHOUSE_FIELD(index_memory), {1, 1024 * gibibyte}),
        bytes_setting("charts.unpacked_bytes", "all files of one archive together, unpacked",
                      PILOTHOUSE_FIELD(charts.unpacked_bytes), {1, 64 * gibibyte}),
        bytes_setting("charts.file_bytes", "one file of an archive, unpacked",
                      PILOTHOUSE_FIELD(charts.file_bytes), {1, 64 * gibibyte}),
        count_setting("charts.entries", "members of one archive", PILOTHOUSE_FIELD(charts.entries),
                      {1, 10'000'000}),
        bytes_setting("charts.metadata_bytes", "Chart.yaml",
                      PILOTHOUSE_FIELD(charts.metadata_bytes), {1, 64 * mebibyte}),
        time_setting("retention.every",
                     "how often channels are tidied by their retention rules; 0 s: never by itself",
                     PILOTHOUSE_FIELD(housekeeping.retention), any_time),
        time_setting("gc.every",
                     "how often files that no version names are removed; 0 s: never by itself",
                     PILOTHOUSE_FIELD(housekeeping.gc), any_time),
        time_setting("audit.keep", "how long audit events are kept; 0 s: for ever",
                     PILOTHOUSE_FIELD(housekeeping.audit_keep), any_age),
        address_setting("grpc.listen", "where clients of the gRPC API connect; empty: nowhere",
                        &settings::grpc_listen, true),
        text_setting("grpc.address",
                     "host and port that its clients are told to use; empty: those of grpc.listen",
                     PILOTHOUSE_FIELD(grpc_address)),
        switch_setting("grpc.plaintext", "without TLS, behind a proxy that ends it",
                       PILOTHOUSE_FIELD(grpc_plaintext)),
        text_setting("clusters.key_file",
                     "what clusters' credentials are encrypted with; empty: keys/clusters in the "
                     "data folder",
                     PILOTHOUSE_FIELD(cluster_key_file)),
        switch_setting("clusters.plain_http", "take API servers without TLS",
                       PILOTHOUSE_FIELD(cluster_plain_http)),
        choice_setting(
            "clusters.registered_by", "who says which API servers this server connects to",
            PILOTHOUSE_FIELD(cluster_registrars),
            std::array{registrars{"owners", release::cluster_registrars::owners},
                       registrars{"administrators", release::cluster_registrars::administrators}}),
        text_setting("releases.helm", "the helm program; empty: the one on the path",
                     PILOTHOUSE_FIELD(helm.program)),
        bytes_setting("releases.helm_memory", "the data of one helm process",
                      PILOTHOUSE_FIELD(helm.data_bytes), {128 * mebibyte, 64 * gibibyte}),
        count_setting("releases.running", "operations at once", PILOTHOUSE_FIELD(releases.running),
                      {1, 64}),
        count_setting("releases.running_in_cluster", "of these, in one cluster",
                      PILOTHOUSE_FIELD(releases.running_in_cluster), {1, 64}),
        count_setting("releases.waiting", "operations that may wait; one more is refused",
                      PILOTHOUSE_FIELD(releases.waiting), {1, 100'000}),
        count_setting("releases.waiting_of_caller", "of these, of one caller",
                      PILOTHOUSE_FIELD(releases.waiting_of_caller), {1, 100'000}),
        time_setting("releases.timeout", "for each wait of an operation, where nobody says",
                     PILOTHOUSE_FIELD(releases.timeout), {1000, 24 * 3'600'000}),
        time_setting("releases.timeout_max", "the longest that a caller may ask for",
                     PILOTHOUSE_FIELD(releases.timeout_max), {1000, 24 * 3'600'000}),
        time_setting("releases.cancel_grace", "between asking helm to end and ending it",
                     PILOTHOUSE_FIELD(helm.grace), some_time),
        time_setting("releases.refresh", "how old what is known of a release may be",
                     PILOTHOUSE_FIELD(releases.refresh), {1000, 24 * 3'600'000}),
        time_setting("releases.keep", "how long operations that ended are kept; 0 s: for ever",
                     PILOTHOUSE_FIELD(housekeeping.operations_keep), any_age),
        switch_setting("releases.deprecated_charts", "let deprecated versions be installed",
                       PILOTHOUSE_FIELD(releases.deprecated_charts)),
        count_setting("deployments.waiting",
                      "deployments of a service that may wait for what is under way; 0: none",
                      PILOTHOUSE_FIELD(deployments_waiting), {0, 20}),
        switch_setting("webhooks.allow_private",
                       "send to addresses of this machine and its networks",
                       PILOTHOUSE_FIELD(webhooks.allow_private)),
        text_setting("webhooks.ca_file",
                     "PEM file of certificates that are trusted besides the system's",
                     PILOTHOUSE_FIELD(webhooks.ca_file)),
        time_setting("webhooks.timeout", "for one attempt", PILOTHOUSE_FIELD(webhooks.timeout),
                     {100, 60'000}),
        time_setting(
            "webhooks.first_retry",
            "the pause after a first attempt that failed; each is six times the one before",
            PILOTHOUSE_FIELD(webhooks.first_retry), {100, 3'600'000}),
        bytes_setting("limits.header_bytes", "a request's first line and fields",
                      PILOTHOUSE_FIELD(http.header_bytes), {1024, 16 * mebibyte}),
        count_setting("limits.connections", "open at once; the one idle longest makes room",
                      PILOTHOUSE_FIELD(http.connections), {1, 1'000'000}),
        time_setting("limits.header_time", "from a request's first byte to the end of its fields",
                     PILOTHOUSE_FIELD(http.header_time), some_time),
        time_setting("limits.idle_time", "between two requests of a connection",
                     PILOTHOUSE_FIELD(http.idle_time), some_time),
        time_setting("limits.body_stall", "without one byte of a body",
                     PILOTHOUSE_FIELD(http.body_stall), some_time),
        bytes_setting("limits.body_bytes_per_second",
                      "the slowest body, after its first ten seconds",
                      PILOTHOUSE_FIELD(http.body_bytes_per_second), {0, gibibyte}),
        time_setting("limits.send_stall", "without progress while an answer is sent",
                     PILOTHOUSE_FIELD(http.send_stall), some_time),
        time_setting("limits.handler_time", "from a request's end to its answer",
                     PILOTHOUSE_FIELD(http.handler_time), some_time),
        count_setting("limits.streams", "answers at once whose bodies come bit by bit",
                      PILOTHOUSE_FIELD(http.streams), {1, 100'000}),
        count_setting("limits.streams_of_caller", "of these, of one caller",
                      PILOTHOUSE_FIELD(http.streams_of_caller), {1, 100'000}),
        time_setting("limits.stream_time", "after which such an answer ends, to be asked for anew",
                     PILOTHOUSE_FIELD(http.stream_time), {1000, 24 * 3'600'000}),
        time_setting("limits.drain_delay", "after SIGTERM: not ready, but still accepting",
                     PILOTHOUSE_FIELD(drain_delay), any_time),
        time_setting("limits.drain_time", "after that: for what is under way",
                     PILOTHOUSE_FIELD(http.drain_time), any_time),
        trusted_proxies_setting(),
        rate_setting("wrong_tokens.per_address",
                     "tokens that nobody has, from one address; more are answered 429; 0: no limit",
                     PILOTHOUSE_FIELD(logins.by_address)),
        rate_setting("wrong_tokens.per_name",
                     "the same under one user name, from wherever; 0: no limit",
                     PILOTHOUSE_FIELD(logins.by_name)),
        rate_setting("request_rates.api_per_address",
                     "requests of one address without a token; 0: no limit",
                     PILOTHOUSE_FIELD(rates.api_address)),
        rate_setting("request_rates.api_per_user", "requests of one user; 0: no limit",
                     PILOTHOUSE_FIELD(rates.api_user)),
        rate_setting("request_rates.packages_per_address",
                     "of these, requests for charts and indexes; 0: as all others",
                     PILOTHOUSE_FIELD(rates.packages_address)),
        rate_setting("request_rates.packages_per_user",
                     "of these, requests for charts and indexes; 0: as all others",
                     PILOTHOUSE_FIELD(rates.packages_user)),
        count_setting("files.threads", "threads for archives and disks",
                      PILOTHOUSE_FIELD(file_threads), {1, 256}),
        count_setting("inspections.threads", "threads that look into pushed archives",
                      PILOTHOUSE_FIELD(inspection_threads), {1, 256}),
        count_setting("inspections.waiting",
                      "archives that may wait for these; one more push is answered 503",
                      PILOTHOUSE_FIELD(inspections_waiting), {1, 100'000}),
        choice_setting(
            "log.level", "the least that is written", PILOTHOUSE_FIELD(log_least),
            std::array{level{"debug", log_level::debug}, level{"info", log_level::info},
                       level{"warning", log_level::warning}, level{"error", log_level::error}}),
        choice_setting("log.format", "for people or for programs", PILOTHOUSE_FIELD(log_form),
                       std::array{form{"text", log_format::text}, form{"json", log_format::json}}),
    };
    return table;
}

}  // namespace pilothouse
