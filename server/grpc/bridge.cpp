#include "server/grpc/bridge.hpp"

#include "base/hex.hpp"
#include "base/random.hpp"
#include "base/task_group.hpp"
#include "server/grpc/call_gate.hpp"
#include "server/grpc/call_journal.hpp"
#include "server/grpc/peer.hpp"
#include "server/http/request_id.hpp"

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace pilothouse::rpc {

namespace {

using steady = std::chrono::steady_clock;

// The first of this name, or empty. gRPC spells names in lower case.
std::string_view metadata_of(::grpc::CallbackServerContext const& at, std::string_view name) {
    auto const& all = at.client_metadata();
    auto const found = all.find(::grpc::string_ref(name.data(), name.size()));
    if (found == all.end()) return {};
    return {found->second.data(), found->second.size()};
}

}  // namespace

// A call from its begin to its end. The reactor is gRPC's and goes with OnDone(); the coroutine may
// live longer, where the caller was told something else meanwhile.
struct ongoing {
    ongoing(method const& m, ::grpc::CallbackServerContext& at) : what(m), context(at) {}

    method const& what;
    ::grpc::CallbackServerContext& context;  // only of whoever took `waiting`, and of the begin
    rpc::call call;
    std::string id;           // ours
    std::string client_id;    // as the client names the call; or ours
    std::string credentials;  // the header
    bool two_credentials = false;
    steady::time_point const begun = steady::now();
    ::grpc::Alarm deadline;

    std::mutex mutex;  // of what follows
    ::grpc::ServerUnaryReactor* waiting = nullptr;
    std::shared_ptr<auth::principal const> who;
    rpc::code ended_as = code::cancelled;
    std::string failure;
};

struct bridge::state : std::enable_shared_from_this<state> {
    explicit state(parts const& p)
        : uses(p),
          gate(p.authenticator, p.limiter),
          journal(p.log, p.metrics),
          calls([this](std::exception_ptr) {
              uses.log.write(log_level::error, "call_without_end", {});
          }) {}

    parts uses;
    call_gate gate;
    call_journal journal;
    std::atomic<bool> stopping{false};
    std::atomic<std::size_t> running{0};
    std::atomic<std::size_t> next_core{0};
    task_group calls;  // the last: what is spawned uses the rest

    task<void> go(std::shared_ptr<ongoing> o, std::shared_ptr<job> work);
    task<answer<void>> attempt(ongoing& o, job& work);
    void finish(ongoing& o, answer<void> const& how, job* work);
    void note(ongoing& o) noexcept;
};

namespace {

// One access line when gRPC is done; an end before ours where the client went.
class unary final : public ::grpc::ServerUnaryReactor {
public:
    unary(std::function<void()> cancelled, std::function<void()> done)
        : cancelled_(std::move(cancelled)), done_(std::move(done)) {}
    void OnCancel() override { cancelled_(); }
    void OnDone() override {
        done_();
        delete this;
    }

private:
    std::function<void()> cancelled_, done_;
};

}  // namespace

bridge::bridge(parts const& p) : state_(std::make_shared<state>(p)) {}

bridge::~bridge() { stop(); }

void bridge::stop() {
    state_->stopping = true;
    state_->calls.wait();
}

refusal bridge::unreadable(google::protobuf::Message const& asked) {
    return {code::invalid_argument,
            "the message is no " + asked.GetTypeName() +
                ": send one that is made by its .proto file, not compressed"};
}

::grpc::ServerUnaryReactor* bridge::begin(::grpc::CallbackServerContext& at, method const& m,
                                          std::shared_ptr<job> work) {
    auto& s = *state_;
    auto const o = std::make_shared<ongoing>(m, at);
    o->id = to_hex(random_bytes(16));
    auto const theirs = metadata_of(at, "x-request-id");
    o->client_id = http::is_harmless_id(theirs) ? std::string(theirs) : o->id;
    o->call.from = address_of(at.peer());
    o->call.once = metadata_of(at, "idempotency-key");
    o->credentials = metadata_of(at, "authorization");
    o->two_credentials = at.client_metadata().count("authorization") > 1;

    auto* const reactor =
        new unary([state = state_,
                   o] { state->finish(*o, refusal(code::cancelled, "the client went"), nullptr); },
                  [state = state_, o] { state->note(*o); });
    o->waiting = reactor;
    if (s.stopping) {
        s.finish(*o, refusal(code::unavailable, "the server is stopping"), nullptr);
        return reactor;
    }
    if (s.running.fetch_add(1) >= s.uses.calls_max) {
        s.running.fetch_sub(1);
        s.finish(*o, refusal(code::unavailable, "the server has too much to do now"), nullptr);
        return reactor;
    }
    // An alarm keeps what it was told as long as it lives itself, so it must not keep its owner.
    auto const on_time = [state = state_, late = std::weak_ptr(o)](bool) {
        if (auto const still = late.lock())
            state->finish(*still,
                          refusal(code::deadline_exceeded, "the server took too long for this"),
                          nullptr);
    };
    o->deadline.Set(std::chrono::system_clock::now() + s.uses.call_time, on_time);
    auto const core = s.next_core.fetch_add(1) % s.uses.cores.cores();
    s.calls.spawn(s.uses.cores.core(core).get_executor(), s.go(o, std::move(work)));
    return reactor;
}

// Whatever happens, the caller gets an answer and the log its line.
task<void> bridge::state::go(std::shared_ptr<ongoing> o, std::shared_ptr<job> work) {
    answer<void> how = refusal(code::internal, "nothing was answered");
    try {
        how = co_await attempt(*o, *work);
    } catch (...) {
        how = refusal_of(std::current_exception());
    }
    finish(*o, how, work.get());
    running.fetch_sub(1);
}

task<answer<void>> bridge::state::attempt(ongoing& o, job& work) {
    auto who = auth::anonymous();
    if (!o.what.open) {
        shown_credentials shown{std::move(o.credentials), o.two_credentials, o.call.from};
        PILOTHOUSE_CO_TRY(who, co_await gate.admit(std::move(shown)));
        std::lock_guard const lock(o.mutex);
        o.who = who;
    }
    o.call.who = std::move(who);
    co_return co_await work.run(o.call);
}

// Who comes first ends the call; the others find nobody waiting. With an error all metadata go
// behind it: before it they would hide its code from some clients (contracts: releases 1.6).
void bridge::state::finish(ongoing& o, answer<void> const& how, job* work) {
    ::grpc::ServerUnaryReactor* waiting = nullptr;
    code as = code::ok;
    {
        std::lock_guard const lock(o.mutex);
        waiting = std::exchange(o.waiting, nullptr);
        if (waiting == nullptr) return;
        if (!how) {
            as = o.what.told(how.error().code);
            o.failure = how.error().cause.empty() ? how.error().message : how.error().cause;
        }
        o.ended_as = as;
    }
    o.deadline.Cancel();
    if (how) {
        if (work != nullptr) work->deliver();
        if (o.what.polled) o.context.AddInitialMetadata("x-operation-poll-interval", "1");
        waiting->Finish(::grpc::Status::OK);
        return;
    }
    o.context.AddTrailingMetadata("x-request-id", o.client_id);
    o.context.AddTrailingMetadata("x-server-trace-id", o.id);
    auto told = how.error();
    told.message = fit_for_trailers(std::move(told.message));
    auto status = status_of(told);
    status.set_code(static_cast<int>(as));
    waiting->Finish({static_cast<::grpc::StatusCode>(as), status.message(),
                     status.details_size() > 0 ? status.SerializeAsString() : std::string()});
}

void bridge::state::note(ongoing& o) noexcept {
    std::lock_guard const lock(o.mutex);
    journal.note({.what = o.what,
                  .id = o.id,
                  .client_id = o.client_id,
                  .from = o.call.from,
                  .ended_as = o.ended_as,
                  .time = steady::now() - o.begun,
                  .who = o.who.get(),
                  .failure = o.failure});
}

}  // namespace pilothouse::rpc
