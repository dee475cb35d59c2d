#include "server/http/acceptor.hpp"

#include "server/http/connection.hpp"
#include "server/http/outgoing.hpp"
#include "server/http/service.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace pilothouse::http {
namespace {

constexpr int accepts_a_turn = 64;

std::string name_of(sockaddr_storage const& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.ss_family == AF_INET) {
        auto const& v4 = reinterpret_cast<sockaddr_in const&>(address);
        ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else {
        auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(address);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    std::string name = text.data();
    // A client of IPv4 at a socket of IPv6.
    if (name.starts_with("::ffff:") && name.find('.') != std::string::npos) name.erase(0, 7);
    return name;
}

// The connection lives in this coroutine's frame, and its parameters with it.
task<void> serve_connection(std::shared_ptr<hub> home, descriptor socket, std::string peer) {
    connection c(std::move(home), std::move(socket), std::move(peer));
    co_await c.serve();
}

bool somebody_waits(int listening) {
    pollfd p{.fd = listening, .events = POLLIN, .revents = 0};
    return ::poll(&p, 1, 0) == 1;
}

descriptor open_reserve() { return descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

}  // namespace

acceptor::acceptor(std::shared_ptr<hub> home, descriptor listening)
    : hub_(std::move(home)), listening_(hub_->where(), listening.get()), reserve_(open_reserve()) {
    (void)listening.release();  // listening_'s own from here on
}

void acceptor::begin() {
    hub_->at_each_sweep([self = shared_from_this()] {
        if (!self->reserve_) self->reserve_ = open_reserve();
        if (std::exchange(self->resting_, false)) self->arm();
    });
    arm();
}

void acceptor::arm() {
    listening_.async_wait(asio::posix::descriptor_base::wait_read,
                          [self = shared_from_this()](boost::system::error_code e) {
                              if (!e && self->accept_waiting()) self->arm();
                          });
}

void acceptor::close() {
    // Bounded by what the queue can hold: clients may come as fast as they are taken.
    for (int i = 0; i < SOMAXCONN && accept_one() == outcome::taken; ++i) {
    }
    resting_ = false;
    listening_.close();
}

// False: not before the next sweep.
bool acceptor::accept_waiting() {
    for (int i = 0; i < accepts_a_turn; ++i) {
        switch (accept_one()) {
            case outcome::taken: break;
            case outcome::none_waits: return true;
            case outcome::starved: shed_one(); return !resting_;
        }
    }
    return true;
}

acceptor::outcome acceptor::accept_one() {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    descriptor socket(::accept4(listening_.native_handle(), reinterpret_cast<sockaddr*>(&address),
                                &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
        switch (errno) {
            case EMFILE:
            case ENFILE:
            case ENOBUFS:
            case ENOMEM:
                // The kernel looks for a descriptor first, and only then whether anybody waits.
                return somebody_waits(listening_.native_handle()) ? outcome::starved
                                                                  : outcome::none_waits;
            // The connection in question is gone, or a signal came: the next one is tried.
            case EINTR:
            case ECONNABORTED:
            case EPROTO:
            case EPERM: return outcome::taken;
            default: return outcome::none_waits;
        }
    }
    hub_->tally().accepted.fetch_add(1, std::memory_order_relaxed);
    if (hub_->all().make_room(*hub_)) {
        serve(std::move(socket), name_of(address));
    } else {
        turn_away(std::move(socket));
    }
    return outcome::taken;
}

void acceptor::serve(descriptor socket, std::string peer) {
    hub_->all().connections.spawn(hub_->where(),
                                  serve_connection(hub_, std::move(socket), std::move(peer)));
}

// 503, as far as that goes without waiting. Where TLS is spoken, nothing can be said so soon.
void acceptor::turn_away(descriptor socket) {
    hub_->tally().refused.fetch_add(1, std::memory_order_relaxed);
    if (hub_->all().tls()) return;
    auto const answer = hub_->all().handler.word(503, "unavailable",
                                                 "the server has no connection left; try again");
    std::string id;
    hub_->make_request_id(id);
    std::string head;
    write_head(head, answer, {.date = hub_->date(), .request_id = id, .close = true});
    auto const out = make_plain_transport(socket.get());
    // Read first: to close over unread bytes would reset the connection under the answer.
    std::array<char, 8192> dropped;
    (void)out->read(dropped.data(), dropped.size());
    if (outgoing(head, answer, true).advance(*out) == io_state::moved) out->end_output();
}

// No descriptor is left. The longest idle connection gives its own to the next client; where none
// is idle, one client is told, by means of the reserve. Either way others wait in the kernel's
// queue until the next sweep: there is no loop of failing accepts.
void acceptor::shed_one() {
    hub_->tally().starved.fetch_add(1, std::memory_order_relaxed);
    resting_ = true;
    if (hub_->evict_oldest() || !reserve_) return;
    reserve_.reset();
    descriptor socket(
        ::accept4(listening_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) turn_away(std::move(socket));
    reserve_ = open_reserve();
}

}  // namespace pilothouse::http
