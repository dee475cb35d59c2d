// The gRPC door and its twin for JSON before the use cases of releases, stores in memory and an
// engine that does as it is told; on ports of their own, with a certificate that goes with it.
#pragma once

#include "auth/session_tokens.hpp"
#include "auth/token_authenticator.hpp"
#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/runtime.hpp"
#include "base/task_group.hpp"
#include "server/grpc/grpc_server.hpp"
#include "server/grpc/json_routes.hpp"
#include "server/grpc/services.hpp"
#include "server/http/gate.hpp"
#include "server/http/router.hpp"
#include "tests/support/http_client.hpp"
#include "tests/use_cases/release/yard.hpp"

#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pilothouse::tests {

// What a call was answered, and with what around it.
struct call_outcome {
    ::grpc::Status status;
    std::map<std::string, std::string> initial, trailing;

    [[nodiscard]] int code() const { return status.error_code(); }
};

using metadata = std::vector<std::pair<std::string, std::string>>;

// The authenticator, with something that happens before it is asked: on the core, in a call.
struct tripwire final : auth::authenticator {
    explicit tripwire(auth::authenticator& to) : to_(to) {}
    task<result<std::shared_ptr<auth::principal const>>> authenticate(
        auth::credentials const& c) override {
        before();
        co_return co_await to_.authenticate(c);
    }
    std::function<void()> before = [] {};

private:
    auth::authenticator& to_;
};

class grpc_house : public yard {
public:
    explicit grpc_house(rpc::server_limits const& limits = {}, bool in_the_clear = false);
    ~grpc_house();

    storage::user_record add_user(std::string name);
    std::string add_token(storage::user_record const& u, std::vector<std::string> scopes = {"api"},
                          std::optional<instant> expires = {});
    void revoke(std::string const& token);
    void let(storage::user_record const& u, storage::cluster_record const& c, storage::role as);
    void let_read_charts(storage::user_record const& u);
    // From now on what is queued is run. The engine belongs to the core then: its script is written
    // before a call that needs it.
    void work();

    [[nodiscard]] std::shared_ptr<::grpc::Channel> channel(
        ::grpc::ChannelArguments args = {}) const;

    // One request of the JSON door.
    http_reply request(std::string_view method, std::string const& target,
                       std::string const& token = {}, std::string_view body = {},
                       http_headers headers = {});
    // Stops the server, so that all lines are written.
    [[nodiscard]] std::string log_lines();

    // One call of a stub's method, as whoever has the token; empty: nobody.
    template <class Stub, class Asked, class Reply>
    call_outcome call(Stub& stub,
                      ::grpc::Status (Stub::*method)(::grpc::ClientContext*, Asked const&, Reply*),
                      Asked const& asked, Reply& reply, std::string const& token,
                      metadata const& more = {}) {
        ::grpc::ClientContext context;
        if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
        for (auto const& [name, value] : more) context.AddMetadata(name, value);
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
        call_outcome o{(stub.*method)(&context, asked, &reply), {}, {}};
        for (auto const& [name, value] : context.GetServerInitialMetadata())
            o.initial.emplace(std::string(name.data(), name.size()),
                              std::string(value.data(), value.size()));
        for (auto const& [name, value] : context.GetServerTrailingMetadata())
            o.trailing.emplace(std::string(name.data(), name.size()),
                               std::string(value.data(), value.size()));
        return o;
    }

    auth::session_tokens sessions;
    auth::token_authenticator tokens;
    tripwire authenticator;
    runtime cores{1};  // all that touches the engine is on it
    temp_dir folder;
    descriptor log_file;
    std::unique_ptr<logger> log;
    metrics::registry metrics;
    release::runner runner;
    rpc::services services;
    std::string certificate;
    http::router routes;
    http::gate gate;
    std::unique_ptr<http::listener> listener;  // of the same calls as JSON
    std::unique_ptr<rpc::call_server> server;

private:
    task_group working_;
};

}  // namespace pilothouse::tests
