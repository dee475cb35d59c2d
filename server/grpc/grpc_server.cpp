#include "server/grpc/grpc_server.hpp"

#include "server/grpc/bindings.hpp"
#include "server/grpc/bridge.hpp"
#include "server/http/listening_socket.hpp"
#include "server/http/tls.hpp"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace pilothouse::rpc {

namespace {

constexpr int pollers = 1;  // of reflection and health, which are not asked for much
constexpr int threads_max = 64;

// What the library has to say is said in its own words, by whoever connects: for people who look
// for something, not for the log of every day. It lies where no server owns it, because the library
// knows one place for all.
std::mutex log_mutex;
logger* log_of_library = nullptr;

void write_line(std::string_view text) {
    std::lock_guard const lock(log_mutex);
    if (log_of_library == nullptr) return;
    log_of_library->write(log_level::debug, "grpc_library", {{"text", text}});
}

void write_call_line(gpr_log_func_args* said) { write_line(said->message); }

// Of messages that cannot be read: the names of their fields, nothing that they hold.
void write_message_line(google::protobuf::LogLevel, char const*, int, std::string const& text) {
    write_line(text);
}

void log_to(logger& l) {
    std::lock_guard const lock(log_mutex);
    log_of_library = &l;
}

void log_no_more_to(logger& l) {
    std::lock_guard const lock(log_mutex);
    if (log_of_library == &l) log_of_library = nullptr;
}

// Both are of the whole process, and count for servers that are built afterwards.
void prepare_library() {
    static bool const once = [] {
        gpr_set_log_function(write_call_line);
        google::protobuf::SetLogHandler(write_message_line);
        ::grpc::EnableDefaultHealthCheckService(true);
        ::grpc::reflection::InitProtoReflectionServerBuilderPlugin();
        return true;
    }();
    (void)once;
}

std::string spelled(http::listen_address const& where) {
    bool const v6 = where.address.find(':') != std::string::npos;
    return (v6 ? "[" + where.address + "]" : where.address) + ":" + std::to_string(where.port);
}

int milliseconds(std::chrono::milliseconds t) { return static_cast<int>(t.count()); }

// The files are judged by our own reader first, which says what is wrong with them.
result<std::shared_ptr<::grpc::ServerCredentials>> credentials_of(server_settings const& s) {
    if (!s.tls) {
        if (s.in_the_clear) return ::grpc::InsecureServerCredentials();
        return failure(errc::unavailable,
                       "gRPC: there is no certificate (settings tls.certificate, tls.key), and "
                       "clients want one; to do without, ask for it (setting grpc.plaintext)");
    }
    if (auto const good = http::tls_context::load(*s.tls); !good) return good.error();
    auto const files = std::make_shared<::grpc::experimental::FileWatcherCertificateProvider>(
        s.tls->key.string(), s.tls->certificate.string(),
        static_cast<unsigned>(s.limits.certificate_check.count()));
    ::grpc::experimental::TlsServerCredentialsOptions options(files);
    options.watch_identity_key_cert_pairs();
    options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
    return ::grpc::experimental::TlsServerCredentials(options);
}

void set_limits(::grpc::ServerBuilder& builder, server_limits const& l) {
    ::grpc::ResourceQuota quota("grpc_door");
    quota.Resize(l.memory).SetMaxThreads(threads_max);
    builder.SetResourceQuota(quota);
    builder.SetMaxReceiveMessageSize(l.request_bytes);
    builder.SetSyncServerOption(::grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(::grpc::ServerBuilder::MIN_POLLERS, pollers);
    builder.SetSyncServerOption(::grpc::ServerBuilder::MAX_POLLERS, pollers + 1);
    // Unpacked whole before its size is looked at, a small message may take gigabytes.
    builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                               static_cast<int>(l.calls_of_connection));
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                               milliseconds(l.handshake_time));
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                               milliseconds(l.least_ping_interval));
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, l.ping_strikes);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, milliseconds(l.dead_after));
    builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, milliseconds(l.idle_time));
}

class running_server final : public call_server {
public:
    running_server(server_settings const& s, parts const& p)
        : drain_time_(s.limits.drain_time),
          log_(p.log),
          bridge_({.cores = p.cores,
                   .authenticator = p.authenticator,
                   .log = p.log,
                   .metrics = p.metrics,
                   .limiter = p.limiter,
                   .calls_max = s.limits.calls,
                   .call_time = s.limits.call_time}),
          services_(bind_services(bridge_, p.services)) {
        log_to(log_);
    }
    ~running_server() override {
        running_server::stop();
        log_no_more_to(log_);
    }

    result<void> open(server_settings const& s) {
        if (auto const free = http::listen_at(s.listen, 1); !free) return free.error();
        PILOTHOUSE_TRY(auto const credentials, credentials_of(s));
        ::grpc::ServerBuilder builder;
        set_limits(builder, s.limits);
        builder.AddListeningPort(spelled(s.listen), credentials, &port_);
        for (auto const& service : services_) builder.RegisterService(service.get());
        server_ = builder.BuildAndStart();
        if (server_ == nullptr || port_ == 0)
            return failure(errc::unavailable, "gRPC: cannot listen at " + spelled(s.listen) +
                                                  ": choose another address (setting grpc.listen)");
        return {};
    }

    [[nodiscard]] std::uint16_t port() const noexcept override {
        return static_cast<std::uint16_t>(port_);
    }

    void stop() override {
        std::lock_guard const lock(stop_mutex_);
        if (server_ == nullptr) return;
        if (auto* const health = server_->GetHealthCheckService()) health->Shutdown();
        server_->Shutdown(std::chrono::system_clock::now() + drain_time_);
        server_->Wait();
        bridge_.stop();
        server_.reset();
    }

private:
    std::chrono::milliseconds drain_time_;
    logger& log_;
    bridge bridge_;
    std::vector<bound_service> services_;
    int port_ = 0;
    std::mutex stop_mutex_;
    std::unique_ptr<::grpc::Server> server_;
};

}  // namespace

result<std::unique_ptr<call_server>> call_server::start(server_settings const& s, parts const& p) {
    prepare_library();
    auto made = std::make_unique<running_server>(s, p);
    if (auto const ok = made->open(s); !ok) return ok.error();
    return std::unique_ptr<call_server>(std::move(made));
}

}  // namespace pilothouse::rpc
