#include "server/http/listener.hpp"

#include "server/http/acceptor.hpp"
#include "server/http/hub.hpp"
#include "server/http/listening_socket.hpp"
#include "server/http/service.hpp"

#include <sys/resource.h>
#include <boost/asio/post.hpp>

#include <csignal>
#include <latch>
#include <utility>

namespace pilothouse::http {
namespace {

void prepare_process() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    std::signal(SIGPIPE, SIG_IGN);
}

class core_listener final : public listener {
public:
    core_listener(limits const& l, std::optional<tls_files> tls, request_handler& handler)
        : service_(l, handler), tls_files_(std::move(tls)) {}
    ~core_listener() override { stop(); }

    result<void> reload_tls() override {
        if (!tls_files_) return {};
        auto fresh = tls_context::load(*tls_files_);
        if (!fresh) return std::move(fresh).error();
        service_.replace_tls(std::move(*fresh));
        return {};
    }

    void begin(listening_sockets sockets, runtime& cores) {
        port_ = sockets.port;
        for (std::size_t i = 0; i < cores.cores(); ++i) {
            service_.hubs.push_back(std::make_shared<hub>(service_, cores.core(i)));
            acceptors_.push_back(
                std::make_shared<acceptor>(service_.hubs[i], std::move(sockets.sockets[i])));
        }
        on_each_core([this](std::size_t i) {
            service_.hubs[i]->begin();
            acceptors_[i]->begin();
        });
    }

    std::uint16_t port() const noexcept override { return port_; }
    connection_counts counts() const noexcept override { return service_.counts(); }

    std::optional<instant> certificate_expires() const override {
        auto const tls = service_.tls();
        return tls ? std::optional(tls->expires()) : std::nullopt;
    }

    void stop() override {
        std::lock_guard lock(stopping_);
        if (std::exchange(stopped_, true)) return;
        // No core tells its idle connections to go while another still takes clients in.
        on_each_core([this](std::size_t i) { acceptors_[i]->close(); });
        service_.stopping.store(true, std::memory_order_relaxed);
        on_each_core([this](std::size_t i) { service_.hubs[i]->begin_stop(); });
        service_.connections.wait();
        on_each_core([this](std::size_t i) { service_.hubs[i]->end(); });
    }

private:
    // Runs act(i) on each core i, and returns when all have.
    template <class Act>
    void on_each_core(Act act) {
        std::latch done(static_cast<std::ptrdiff_t>(service_.hubs.size()));
        for (std::size_t i = 0; i < service_.hubs.size(); ++i) {
            asio::post(service_.hubs[i]->where(), [&, i] {
                act(i);
                done.count_down();
            });
        }
        done.wait();
    }

    service service_;
    std::optional<tls_files> tls_files_;
    std::vector<std::shared_ptr<acceptor>> acceptors_;
    std::uint16_t port_ = 0;
    std::mutex stopping_;
    bool stopped_ = false;
};

}  // namespace

result<std::unique_ptr<listener>> listener::start(listen_address where,
                                                  std::optional<tls_files> tls, limits const& l,
                                                  runtime& cores, request_handler& handler) {
    prepare_process();
    auto made = std::make_unique<core_listener>(l, std::move(tls), handler);
    if (auto loaded = made->reload_tls(); !loaded) return std::move(loaded).error();
    PILOTHOUSE_TRY(auto sockets, listen_at(where, cores.cores()));
    made->begin(std::move(sockets), cores);
    return std::unique_ptr<listener>(std::move(made));
}

}  // namespace pilothouse::http
