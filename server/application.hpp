// The program: which parts there are, how they are wired, how they start and stop.
#pragma once

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/result.hpp"
#include "base/runtime.hpp"
#include "base/task_group.hpp"
#include "notify/dispatcher.hpp"
#include "release/refresher.hpp"
#include "release/runner.hpp"
#include "server/cli/control_socket.hpp"
#include "server/cli/services.hpp"
#include "server/core.hpp"
#include "server/deploy_rounds.hpp"
#include "server/housekeeping.hpp"
#include "server/http/gate.hpp"
#include "server/http/listener.hpp"
#include "server/http/request_limiter.hpp"
#include "server/http/router.hpp"
#include "server/http/stream_slots.hpp"
#include "server/operator/routes.hpp"
#include "server/settings.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace pilothouse {

namespace rpc {
class call_server;
struct services;
}  // namespace rpc

class application {
public:
    // Opens the stores, binds, and answers from then on. Any failure: nothing is left running.
    [[nodiscard]] static result<std::unique_ptr<application>> start(settings const& s);
    ~application();  // stop()
    application(application const&) = delete;
    application& operator=(application const&) = delete;

    // "http://127.0.0.1:8080": the address as it was bound, port included.
    [[nodiscard]] std::string address() const;
    // "127.0.0.1:8443": that of the gRPC API; empty: there is none.
    [[nodiscard]] std::string grpc_address() const;
    // True when nobody can log in yet.
    [[nodiscard]] bool empty();
    // Certificates and log level; whatever cannot change while running is logged.
    void reload(settings const& s);
    // Not ready at once; accepts until settings::drain_delay is over; then ends what is under way
    // and returns. Idempotent.
    void stop();

    [[nodiscard]] pilothouse::core& core() noexcept { return *core_; }
    [[nodiscard]] runtime& loops() noexcept { return *runtime_; }
    [[nodiscard]] logger& log() noexcept { return log_; }

private:
    application(settings const& s, std::unique_ptr<pilothouse::core> c);
    [[nodiscard]] result<void> listen();
    [[nodiscard]] result<void> listen_to_grpc();
    [[nodiscard]] operators::operator_parts operator_uses();
    void measure();
    [[nodiscard]] task<result<void>> ready();
    [[nodiscard]] task<std::uint64_t> upload_limit();
    [[nodiscard]] task<void> note_token_uses();

    settings settings_;
    logger log_;
    metrics::registry metrics_;
    std::unique_ptr<pilothouse::core> core_;
    std::unique_ptr<runtime> runtime_;
    std::atomic<bool> stopping_{false};
    std::unique_ptr<rpc::services> rpc_services_;
    http::stream_slots streams_;
    http::router router_;
    http::request_limiter limiter_;
    http::gate gate_;
    http::router metrics_router_;
    http::gate metrics_gate_;
    housekeeping housekeeping_;
    deploy_rounds deploy_rounds_;
    release::runner runner_;
    release::refresher refresher_;
    notify::dispatcher dispatcher_;
    task_group background_;
    std::unique_ptr<http::listener> listener_;
    std::atomic<http::listener*> counted_{nullptr};  // listener_, for scrapes on any thread
    std::unique_ptr<http::listener> metrics_listener_;
    std::unique_ptr<rpc::call_server> grpc_server_;
    cli::services commands_;
    std::unique_ptr<cli::control_socket> control_socket_;
};

}  // namespace pilothouse
