// From gRPC's threads to a core and back: who is asking, the method as a coroutine, the answer, one
// access line.
#pragma once

#include "auth/authenticator.hpp"
#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/runtime.hpp"
#include "base/task.hpp"
#include "server/grpc/call.hpp"
#include "server/grpc/message_bytes.hpp"
#include "server/grpc/status.hpp"
#include "server/http/request_limiter.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace grpc {
// NOLINTBEGIN(readability-identifier-naming): the library's
class CallbackServerContext;
class ServerUnaryReactor;
// NOLINTEND(readability-identifier-naming)
}  // namespace grpc

namespace pilothouse::rpc {

// The work of one call. run() is awaited on a core; deliver(), after it, hands the reply over while
// gRPC still waits for it. Where gRPC does not wait any more it is not called.
class job {
public:
    virtual ~job() = default;
    [[nodiscard]] virtual task<answer<void>> run(call const& c) = 0;
    virtual void deliver() = 0;
};

// Thread-safe.
class bridge {
public:
    // All outlive it.
    struct parts {
        runtime& cores;
        auth::authenticator& authenticator;
        logger& log;
        metrics::registry& metrics;
        http::request_limiter* limiter = nullptr;      // null: nobody is counted
        std::size_t calls_max = 1000;                  // at once; more are UNAVAILABLE
        std::chrono::milliseconds call_time{120'000};  // then the caller is told DEADLINE_EXCEEDED
    };
    explicit bridge(parts const& p);
    ~bridge();  // stop()
    bridge(bridge const&) = delete;
    bridge& operator=(bridge const&) = delete;

    // What a service's function answers to this call. Bytes that are no such request are refused
    // with INVALID_ARGUMENT, once the caller is known (contracts: releases 1.5). Called by gRPC.
    template <class Service, class Asked, class Reply>
    [[nodiscard]] ::grpc::ServerUnaryReactor* serve(
        ::grpc::CallbackServerContext& at, method const& m, Service& service,
        task<answer<Reply>> (Service::*function)(call const&, Asked),
        ::grpc::ByteBuffer const& asked, ::grpc::ByteBuffer& reply);

    // Refuses further calls, and waits for those that are under way. Not on a core. Idempotent.
    void stop();

private:
    [[nodiscard]] static refusal unreadable(google::protobuf::Message const& asked);
    [[nodiscard]] ::grpc::ServerUnaryReactor* begin(::grpc::CallbackServerContext& at,
                                                    method const& m, std::shared_ptr<job> work);

    struct state;
    std::shared_ptr<state> state_;
};

template <class Service, class Asked, class Reply>
::grpc::ServerUnaryReactor* bridge::serve(
    ::grpc::CallbackServerContext& at, method const& m, Service& service,
    task<answer<Reply>> (Service::*function)(call const&, Asked), ::grpc::ByteBuffer const& asked,
    ::grpc::ByteBuffer& reply) {
    class job_of final : public job {
    public:
        job_of(Service& s, task<answer<Reply>> (Service::*f)(call const&, Asked),
               ::grpc::ByteBuffer const& asked, ::grpc::ByteBuffer& r)
            : service_(s), function_(f), readable_(read_message(asked, asked_)), reply_(r) {}
        task<answer<void>> run(call const& c) override {
            if (!readable_) co_return unreadable(asked_);
            auto answered = co_await (service_.*function_)(c, std::move(asked_));
            if (!answered) co_return std::move(answered).error();
            made_ = bytes_of(*answered);
            co_return answer<void>();
        }
        void deliver() override { reply_.Swap(&made_); }

    private:
        Service& service_;
        task<answer<Reply>> (Service::*function_)(call const&, Asked);
        Asked asked_;
        bool readable_;
        ::grpc::ByteBuffer made_;
        ::grpc::ByteBuffer& reply_;
    };
    return begin(at, m, std::make_shared<job_of>(service, function, asked, reply));
}

}  // namespace pilothouse::rpc
