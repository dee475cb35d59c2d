#include "server/http/connection.hpp"

#include "base/busy.hpp"
#include "server/http/request_id.hpp"
#include "server/http/service.hpp"

#include <sys/socket.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <exception>
#include <utility>

namespace pilothouse::http {
namespace {

using descriptor_base = asio::posix::descriptor_base;

// Spelled with the concrete executor; a default one would be any_io_executor's.
constexpr asio::as_tuple_t<asio::use_awaitable_t<executor>> as_tuple{};

void increment(std::atomic<std::uint64_t>& counter) {
    counter.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

connection::connection(std::shared_ptr<hub> home, descriptor socket, std::string peer)
    : hub_(std::move(home)),
      limits_(hub_->all().limits),
      handler_(hub_->all().handler),
      socket_(hub_->where(), socket.get()),
      peer_(std::move(peer)),
      idle_since_(steady::now().time_since_epoch().count()) {
    int const native = socket.release();  // socket_'s own from here on
    auto const tls = hub_->all().tls();
    tls_ = tls != nullptr;
    transport_ = tls_ ? tls->accept(native) : make_plain_transport(native);
    hub_->enter(*this);
}

connection::~connection() {
    hub_->leave(*this);
    if (work_) hub_->take_back(std::move(work_));
}

task<void> connection::serve() {
    if (!tls_ || co_await shake_hands()) {
        while (true) {
            auto const read = co_await next_head();
            if (read == head_read::gone || !co_await answer(read)) break;
        }
    }
    co_await close();
}

void connection::enter(http::phase p, std::chrono::milliseconds at_most) {
    phase_ = p;
    deadline_ = hub_->after(at_most);
    expired_ = false;
}

task<bool> connection::wait(io_state need) {
    if (cut_) co_return false;
    co_await socket_.async_wait(
        need == io_state::needs_writable ? descriptor_base::wait_write : descriptor_base::wait_read,
        as_tuple);
    co_return !expired_ && !cut_;
}

task<bool> connection::shake_hands() {
    enter(phase::handshake, limits_.header_time);
    while (true) {
        auto const state = transport_->shake_hands();
        if (state == io_state::moved) co_return true;
        if (state == io_state::ended || !co_await wait(state)) co_return false;
    }
}

// Between requests a connection holds no memory but its own.
task<bool> connection::wait_idle() {
    if (hub_->stopping()) co_return true;  // a request that is already here is still answered
    enter(phase::idle, limits_.idle_time);
    idle_since_ = steady::now().time_since_epoch().count();
    hub_->idle(*this);
    co_await socket_.async_wait(descriptor_base::wait_read, as_tuple);
    if (!evicted_) hub_->busy(*this);
    co_return !expired_ && !cut_;
}

task<connection::head_read> connection::next_head() {
    if (!work_) {
        if (!transport_->holds_input() && !co_await wait_idle()) co_return head_read::gone;
        work_ = hub_->lend();
    }
    began_ = steady::now();
    enter(phase::header, limits_.header_time);
    work_->parser.restart();
    auto& box = work_->head;
    while (true) {
        switch (work_->parser.read_head(box.contents())) {
            case request_parser::progress::complete: co_return head_read::complete;
            case request_parser::progress::refused: co_return head_read::refused;
            case request_parser::progress::incomplete: break;
        }
        auto const step = transport_->read(box.free_space(), box.room());
        if (step.state == io_state::ended) co_return head_read::gone;
        if (step.state == io_state::moved) {
            box.received(step.bytes);
            continue;
        }
        if (box.empty() && to_end()) co_return head_read::gone;
        if (!co_await wait(step.state)) {
            co_return cut_ || box.empty() ? head_read::gone : head_read::late;
        }
    }
}

// One request, from its head to the last byte of its answer; false: it was the last.
task<bool> connection::answer(head_read read) {
    request_head const& head = work_->parser.head();
    work_->head.drop(work_->parser.head_bytes());
    name_request(head);
    body_bytes_ = body_sweeps_ = 0;
    request_body body(*this, *work_);
    exchange x{.head = head,
               .body = body,
               .request_id = work_->request_id,
               .peer = peer_,
               .tls = tls_,
               .parameters = {},
               .route_index = {},
               .who = {},
               .grant = {},
               .notes = {}};
    bool const whole = read == head_read::complete;
    std::string thrown;
    auto const reply = whole ? co_await ask(x, thrown) : refuse(read);

    auto* const stream = sends_body(reply.status(), head.method) ? reply.stream() : nullptr;
    bool const closes = !whole || !head.keep_alive || reply.closes() || to_end() ||
                        !body.worth_draining() || stream != nullptr;
    frame(reply, closes);
    outgoing out(work_->answer_head, reply, sends_body(reply.status(), head.method));
    auto const state = begin_to_send(out);
    bool sent = gave_up_ || state == io_state::moved || co_await send_rest(out, state);
    if (sent && !gave_up_ && stream != nullptr) sent = co_await send_stream(*stream, thrown);
    handler_.finished(x, {.status = gave_up_ ? 504 : reply.status(),
                          .bytes = out.body_sent() + streamed_,
                          .nanoseconds = std::chrono::nanoseconds(steady::now() - began_).count(),
                          .complete = sent,
                          .failure = thrown.empty() ? std::string_view(reply.cause()) : thrown});

    if (!sent) cut_ = true;
    if (cut_) co_return false;
    if (!closes && !body.finished() && !co_await body.drain()) {
        input_left_ = true;
        co_return false;
    }
    if (body.finished()) body.settle();
    if (closes) {
        input_left_ = input_left_ || !whole || !body.finished() || !work_->head.empty();
        co_return false;
    }
    if (work_->head.empty()) hub_->take_back(std::move(work_));
    co_return true;
}

// The door at which a broken house is caught (docs/ARCHITECTURE.md, "Errors").
task<response> connection::ask(exchange& x, std::string& thrown) {
    enter(phase::handler, limits_.handler_time);
    try {
        co_return co_await handler_.handle(x);
    } catch (storage_full const& full) {
        thrown = full.what();
        co_return handler_.word(507, "full", "the server has no room left to store this");
    } catch (busy const& e) {
        thrown = e.what();
        co_return handler_.word(503, "unavailable", "the server is busy: try again soon");
    } catch (std::exception const& e) {
        thrown = e.what();
    } catch (...) {
        thrown = "an exception of unknown type";
    }
    co_return handler_.word(500, "internal", "the server failed; its log says why");
}

void connection::name_request(request_head const& head) {
    auto const theirs = head.field("X-Request-Id");
    if (is_harmless_id(theirs)) {
        work_->request_id = theirs;
    } else {
        hub_->make_request_id(work_->request_id);
    }
}

response connection::refuse(head_read read) {
    auto const r = read == head_read::refused
                       ? work_->parser.refused()
                       : refusal{408, "too_slow", "the request came too slowly"};
    increment(read == head_read::late ? hub_->tally().timed_out : hub_->tally().malformed);
    return handler_.word(r.status, r.code, r.detail);
}

void connection::frame(response const& answer, bool closes) {
    write_head(work_->answer_head, answer,
               {.date = hub_->date(),
                .request_id = work_->request_id,
                .close = closes,
                .http_1_0 = work_->parser.head().minor_version == 0});
}

io_state connection::begin_to_send(outgoing& out) {
    if (cut_) return io_state::ended;
    enter(phase::sending, limits_.send_stall);
    return out.advance(*transport_);
}

task<bool> connection::send_rest(outgoing& out, io_state state) {
    while (state != io_state::moved) {
        if (state == io_state::ended) co_return false;
        auto const before = out.sent();
        if (!co_await wait(state)) {
            // What the peer does not take is not kept for it: a reset instead of a farewell.
            linger const none{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
            co_return false;
        }
        state = out.advance(*transport_);
        if (out.sent() > before) enter(phase::sending, limits_.send_stall);
    }
    co_return true;
}

// Says that nothing more will come, and where the peer may still be sending, reads on for a while:
// to close over unread bytes would reset the connection, and the answer might be lost with it (RFC
// 9112 9.6).
task<void> connection::close() {
    if (cut_) co_return;
    transport_->end_output();
    if (!input_left_) co_return;
    enter(phase::lingering, limits_.linger_time);
    std::array<char, 8192> dropped;
    while (true) {
        auto const step = transport_->read(dropped.data(), dropped.size());
        if (step.state == io_state::ended) co_return;
        if (step.state == io_state::moved && transport_->holds_input()) continue;
        if (!co_await wait(io_state::needs_readable)) co_return;
    }
}

bool connection::sweep(hub::tick now) {
    bool too_slow = false;
    if (phase_ == phase::body) {
        ++body_sweeps_;
        too_slow = body_is_too_slow();
    }
    if (now < deadline_ && !too_slow) return false;
    if (expired_ || cut_) return true;
    if (phase_ == phase::streaming) {
        end_stream();
        return true;
    }
    // A request cut short in its header is counted where it is refused.
    if (phase_ != phase::idle && phase_ != phase::header && phase_ != phase::lingering) {
        increment(hub_->tally().timed_out);
    }
    if (phase_ == phase::handler) {
        give_up_on_handler();
    } else {
        expired_ = true;
        socket_.cancel();
    }
    return true;
}

bool connection::body_is_too_slow() const noexcept {
    auto const waited = hub::sweep_period * body_sweeps_;
    if (waited < limits_.body_grace) return false;
    auto const seconds = static_cast<std::uint64_t>(waited.count()) / 1000;
    return body_bytes_ < limits_.body_bytes_per_second * seconds;
}

// The handler cannot be interrupted: what it refers to must stay. Its client need not wait.
void connection::give_up_on_handler() {
    gave_up_ = cut_ = true;
    auto const answer = handler_.word(504, "timed_out", "the server took too long for this");
    frame(answer, true);
    outgoing out(work_->answer_head, answer, sends_body(504, work_->parser.head().method));
    if (out.advance(*transport_) == io_state::moved) transport_->end_output();
    ::shutdown(socket_.native_handle(), SHUT_RDWR);
}

bool connection::to_end() const noexcept { return evicted_ || hub_->stopping(); }

void connection::evict() {
    evicted_ = true;
    wake();
}

void connection::wake() { socket_.cancel(); }

// A body that is not here by now is not waited for, and its handler says so; handlers and answers
// have until cut_off().
void connection::last_call() {
    out_of_time_ = true;
    if (phase_ == phase::handler || phase_ == phase::sending || stream_ != nullptr) return;
    if (phase_ != phase::body) return cut_off();
    expired_ = true;
    socket_.cancel();
}

void connection::cut_off() {
    cut_ = true;
    end_stream();
    ::shutdown(socket_.native_handle(), SHUT_RDWR);
    socket_.cancel();
}

}  // namespace pilothouse::http
