#include "server/application.hpp"

#include "server/console/routes.hpp"
#include "server/gitlab/administration.hpp"
#include "server/gitlab/channels.hpp"
#include "server/gitlab/releases.hpp"
#include "server/gitlab/routes.hpp"
#include "server/gitlab/webhooks.hpp"
#include "server/grpc/grpc_server.hpp"
#include "server/grpc/json_routes.hpp"
#include "server/grpc/services.hpp"
#include "server/openapi/routes.hpp"
#include "server/operator/routes.hpp"
#include "server/qovery/routes.hpp"
#include "server/version.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

namespace pilothouse {

namespace {

using namespace std::chrono_literals;

// What a multipart frame may add to the file in it (contracts: settled 9).
constexpr std::uint64_t upload_frame_max = 64 * 1024;

std::size_t loop_count(settings const& s) {
    if (s.threads != 0) return s.threads;
    return std::max(1u, std::thread::hardware_concurrency());
}

gitlab::helm_use_cases gitlab_uses(core& c, std::string base_path) {
    return {c.read_index,        c.pull_chart,
            c.push_chart,        c.attach_provenance,
            c.stores->staging(), c.below->files,
            c.below->time,       [&c] { return c.manage_settings.helm_max_file_size(); },
            std::move(base_path)};
}

gitlab::administration_uses administration_uses(core& c, std::string base_path) {
    return {c.manage_users,
            c.manage_groups,
            c.manage_projects,
            c.manage_members,
            c.manage_protections,
            c.manage_access_tokens,
            c.manage_settings,
            c.browse_places,
            c.read_audit,
            c.manage_packages,
            c.read_quota,
            c.tokens,
            c.policy,
            c.below->time,
            PILOTHOUSE_VERSION,
            std::move(base_path)};
}

gitlab::channel_uses channel_uses(core& c, std::string base_path) {
    return {c.manage_channels, c.list_charts,   c.remove_chart,
            c.promote_charts,  c.mark_versions, c.retain_charts,
            c.collect_garbage, c.policy,        std::move(base_path)};
}

gitlab::release_uses release_uses(core& c, http::stream_slots& streams, std::string base_path) {
    auto& r = *c.releases;
    return {r.clusters, r.change, r.read,
            r.diff,     r.access, c.manage_users,
            c.policy,   streams,  std::move(base_path)};
}

qovery::deploy_uses deploy_uses(core& c, std::string base_path) {
    auto& d = *c.deploys;
    return {d.access,   d.environments,      d.services,    d.deployments,
            d.together, c.browse_places,     c.list_charts, c.releases->access,
            c.policy,   std::move(base_path)};
}

std::unique_ptr<rpc::services> make_services(core& c, settings const& s) {
    rpc::release_uses const releases{c.releases->access, c.releases->change, c.releases->read};
    rpc::token_uses const tokens{c.authenticator, c.policy, c.sessions};
    return std::make_unique<rpc::services>(releases, tokens, s.grpc_address);
}

std::vector<http::door> doors(core& c, rpc::services& rpc, settings const& s,
                              http::stream_slots& streams, operators::operator_parts operators) {
    std::vector<http::door> all;
    all.push_back(gitlab::helm_door(gitlab_uses(c, s.base_path)));
    all.push_back(gitlab::administration_door(administration_uses(c, s.base_path)));
    all.push_back(gitlab::channel_door(channel_uses(c, s.base_path)));
    all.push_back(gitlab::webhook_door({c.manage_webhooks, s.base_path}));
    all.push_back(gitlab::release_door(release_uses(c, streams, s.base_path)));
    all.push_back(qovery::deploy_door(deploy_uses(c, s.base_path)));
    all.push_back(console::console_door({c, PILOTHOUSE_VERSION}));
    for (auto& door : rpc::json_doors(rpc)) all.push_back(std::move(door));
    all.push_back(openapi::openapi_door(s.base_path));
    all.push_back(operators::operator_door(std::move(operators), false));
    return all;
}

release::runner_times runner_times(settings const& s) {
    release::runner_times times;
    times.cancel_grace = s.helm.grace;
    return times;
}

// As it stands in front of a port.
std::string host_text(std::string const& address) {
    return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

std::string exception_text(std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (std::exception const& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

}  // namespace

result<std::unique_ptr<application>> application::start(settings const& s) {
    static system_clock const time;
    PILOTHOUSE_TRY(auto c, core::open(s, storage::folder_backend{s.data}, time));
    std::unique_ptr<application> app(new application(s, std::move(c)));
    if (auto const ok = app->listen(); !ok) return ok.error();
    return app;
}

application::application(settings const& s, std::unique_ptr<pilothouse::core> c)
    : settings_(s),
      log_(s.log_form, s.log_least),
      core_(std::move(c)),
      runtime_(std::make_unique<runtime>(loop_count(s))),
      rpc_services_(make_services(*core_, s)),
      streams_(s.http.streams, s.http.streams_of_caller),
      router_(s.base_path, doors(*core_, *rpc_services_, s, streams_, operator_uses())),
      limiter_(s.rates, core_->below->time),
      gate_({router_, core_->authenticator, core_->policy, [this] { return upload_limit(); }, log_,
             metrics_, limiter_.on() ? &limiter_ : nullptr, s.trusted_proxies,
             ", 64 KiB more than its setting helm_max_file_size"}),
      metrics_router_("", {operators::operator_door(operator_uses(), true)}),
      metrics_gate_({metrics_router_, core_->authenticator, core_->policy,
                     [this] { return upload_limit(); }, log_, metrics_}),
      housekeeping_(*core_, log_, stopping_),
      deploy_rounds_(core_->deploys->parts, core_->stores->users(), log_, stopping_),
      runner_(core_->releases->parts, runner_times(s), log_, metrics_),
      refresher_(core_->releases->parts, log_),
      dispatcher_(core_->delivering, {}, log_, metrics_),
      background_([this](std::exception_ptr thrown) {
          log_.write(log_level::error, "background_work_failed",
                     {{"failure", exception_text(thrown)}});
      }),
      commands_(*core_) {
    measure();
    background_.spawn(runtime_->core(0).get_executor(), note_token_uses());
    background_.spawn(runtime_->core(0).get_executor(), housekeeping_.run(s.housekeeping));
    background_.spawn(runtime_->core(0).get_executor(), deploy_rounds_.run());
    core_->releases->set_runner(&runner_);
    background_.spawn(runtime_->core(0).get_executor(), runner_.run());
    core_->releases->set_refresher(&refresher_);
    background_.spawn(runtime_->core(0).get_executor(), refresher_.run());
    background_.spawn(runtime_->core(0).get_executor(), dispatcher_.run());
}

application::~application() { stop(); }

result<void> application::listen() {
    PILOTHOUSE_TRY(control_socket_,
                   cli::control_socket::start(settings_.data, *runtime_, commands_));
    std::optional<http::tls_files> tls;
    if (!settings_.tls_certificate.empty())
        tls = http::tls_files{settings_.tls_certificate, settings_.tls_key};
    PILOTHOUSE_TRY(listener_, http::listener::start(*parse_listen_address(settings_.listen), tls,
                                                    settings_.http, *runtime_, gate_));
    counted_ = listener_.get();
    if (!settings_.metrics_listen.empty()) {
        PILOTHOUSE_TRY(
            metrics_listener_,
            http::listener::start(*parse_listen_address(settings_.metrics_listen), std::nullopt,
                                  settings_.http, *runtime_, metrics_gate_));
    }
    return listen_to_grpc();
}

// Host and port that clients are told; with a port of its own choice, once that is known.
result<void> application::listen_to_grpc() {
    if (settings_.grpc_listen.empty()) return {};
    rpc::server_settings s;
    s.listen = *parse_listen_address(settings_.grpc_listen);
    if (!settings_.grpc_plaintext)
        s.tls = http::tls_files{settings_.tls_certificate, settings_.tls_key};
    s.in_the_clear = settings_.grpc_plaintext;
    rpc::call_server::parts const parts{
        *rpc_services_, *runtime_, core_->authenticator,
        log_,           metrics_,  limiter_.on() ? &limiter_ : nullptr};
    PILOTHOUSE_TRY(grpc_server_, rpc::call_server::start(s, parts));
    auto told =
        settings_.grpc_address.empty() ? host_text(s.listen.address) : settings_.grpc_address;
    bool const has_port = told.rfind(':') != std::string::npos && told.back() != ']';
    if (!has_port) told += ":" + std::to_string(grpc_server_->port());
    rpc_services_->endpoints.announce(std::move(told));
    return {};
}

std::string application::grpc_address() const {
    if (!grpc_server_) return {};
    auto const where = *parse_listen_address(settings_.grpc_listen);
    return host_text(where.address) + ":" + std::to_string(grpc_server_->port());
}

operators::operator_parts application::operator_uses() {
    return {metrics_, [this] { return ready(); }, PILOTHOUSE_VERSION, settings_.base_path};
}

void application::measure() {
    using counts = http::connection_counts;
    auto const gauge = [this](std::string const& name, std::string const& help,
                              std::function<double()> read) {
        metrics_.add_gauge(name, help, {}, std::move(read));
    };
    // Of the main listener; nothing before it listens.
    auto const of_listener = [this](std::uint64_t counts::* field) {
        return [this, field] {
            auto const* const main = counted_.load();
            return main != nullptr ? static_cast<double>(main->counts().*field) : 0.0;
        };
    };
    auto const count = [&](std::string const& name, std::string const& help,
                           std::uint64_t counts::* field) {
        metrics_.add_counter(name, help, {}, of_listener(field));
    };
    metrics_.add_gauge("pilothouse_build_info", "1, and the version as a label.",
                       {{"version", PILOTHOUSE_VERSION}}, [] { return 1.0; });
    gauge("pilothouse_connections", "Connections open now.", of_listener(&counts::open));
    gauge("pilothouse_connections_idle", "Of these, between two requests.",
          of_listener(&counts::idle));
    gauge("pilothouse_streams", "Answers under way whose bodies are streams.",
          [this] { return static_cast<double>(streams_.taken()); });
    count("pilothouse_connections_accepted_total", "Connections accepted.", &counts::accepted);
    count("pilothouse_connections_evicted_total", "Idle connections closed to make room.",
          &counts::evicted);
    count("pilothouse_connections_refused_total", "Connections closed for want of room.",
          &counts::refused);
    count("pilothouse_connections_starved_total",
          "Times that no file descriptor was left to accept with.", &counts::starved);
    count("pilothouse_connections_timed_out_total",
          "Connections ended by a deadline other than that of idleness.", &counts::timed_out);
    count("pilothouse_requests_malformed_total", "Requests refused before any handler saw them.",
          &counts::malformed);
    gauge("pilothouse_certificate_expires_seconds",
          "When the certificate in use ends, in seconds since 1970; 0: no TLS.", [this] {
              auto const* const main = counted_.load();
              auto const end = main != nullptr ? main->certificate_expires() : std::nullopt;
              return end ? static_cast<double>(to_nanoseconds(*end)) / 1e9 : 0.0;
          });
    gauge("pilothouse_index_channels", "Channels whose index is in memory.",
          [this] { return static_cast<double>(core_->below->indexes.measure().channels); });
    gauge("pilothouse_index_views", "Views of these channels that are in memory.",
          [this] { return static_cast<double>(core_->below->indexes.measure().views); });
    gauge("pilothouse_index_bytes", "Bytes of these indexes and views.",
          [this] { return static_cast<double>(core_->below->indexes.measure().bytes); });
    metrics_.add_counter(
        "pilothouse_index_dropped_total", "Channels that made room in memory for others.", {},
        [this] { return static_cast<double>(core_->below->indexes.measure().dropped); });
    gauge("pilothouse_file_jobs_waiting", "Jobs that wait for a file thread.",
          [this] { return static_cast<double>(core_->below->files.waiting()); });
    gauge("pilothouse_inspections_waiting", "Archives that wait to be inspected.",
          [this] { return static_cast<double>(core_->below->inspections.waiting()); });
    metrics_.add_counter(
        "pilothouse_logins_throttled_total",
        "Requests refused because address or user name sent too many tokens that nobody has.", {},
        [this] { return static_cast<double>(core_->logins.refused()); });
    for (std::size_t i = 0; i < http::request_limiter::names.size(); ++i)
        metrics_.add_counter("pilothouse_requests_throttled_total",
                             "Requests refused by a rate limit, by its name.",
                             {{"limit", std::string(http::request_limiter::names[i])}},
                             [this, i] { return static_cast<double>(limiter_.refused(i)); });
    metrics_.add_counter("pilothouse_log_lines_dropped_total",
                         "Log lines that did not fit the queue, or could not be written.", {},
                         [this] { return static_cast<double>(log_.dropped()); });
}

task<result<void>> application::ready() {
    if (stopping_) co_return failure(errc::unavailable, "the server is stopping");
    co_return co_await core_->stores->check();
}

task<std::uint64_t> application::upload_limit() {
    auto const file = co_await core_->manage_settings.helm_max_file_size();
    co_return file == 0 ? 0 : file + upload_frame_max;
}

task<void> application::note_token_uses() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    constexpr asio::use_awaitable_t<executor> token{};
    while (!stopping_) {
        for (auto waited = 0ms; waited < 60s && !stopping_; waited += 100ms) {
            timer.expires_after(100ms);
            co_await timer.async_wait(token);
        }
        try {
            co_await core_->authenticator.flush_last_used();
        } catch (std::exception const& e) {
            // It stays in memory and is tried again: a token's last use is not worth more than a
            // line.
            log_.write(log_level::warning, "token_use_not_recorded",
                       {{"failure", std::string_view(e.what())}});
        }
    }
}

std::string application::address() const {
    auto const where = *parse_listen_address(settings_.listen);
    auto const scheme = settings_.tls_certificate.empty() ? "http://" : "https://";
    return scheme + host_text(where.address) + ":" + std::to_string(listener_->port());
}

bool application::empty() { return run_to_end(core_->stores->users().list()).empty(); }

void application::reload(settings const& s) {
    log_.set_level(s.log_least);
    if (auto const ok = listener_->reload_tls(); !ok) {
        log_.write(log_level::error, "certificate_not_reloaded",
                   {{"failure", std::string_view(ok.error().detail)}});
        return;
    }
    log_.write(
        log_level::info, "reloaded",
        {{"what", "log level, certificate and key; other settings count at the next start"}});
}

void application::stop() {
    if (stopping_.exchange(true)) return;
    runner_.stop();
    refresher_.stop();
    dispatcher_.stop();
    if (listener_) std::this_thread::sleep_for(settings_.drain_delay);
    core_->releases->stop_asking();  // so that nobody waits for clusters that say nothing
    core_->sender.stop();
    if (listener_) listener_->stop();
    if (metrics_listener_) metrics_listener_->stop();
    if (grpc_server_) grpc_server_->stop();
    if (control_socket_) control_socket_->stop();
    background_.wait();
    core_->releases->set_runner(nullptr);
    core_->releases->set_refresher(nullptr);
    runtime_->stop();
    core_->close();
}

}  // namespace pilothouse
