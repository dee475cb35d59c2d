#include "tests/integration/kubernetes/fake_api_server.hpp"

#include <openssl/ssl.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/completion_condition.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <thread>
#include <utility>

#include <sys/socket.h>

namespace pilothouse::tests {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string field_of(std::string const& head, std::string const& name) {
    auto const at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return {};
    auto const begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

std::string client_name(SSL* session) {
    std::unique_ptr<X509, void (*)(X509*)> const shown(SSL_get1_peer_certificate(session),
                                                       &::X509_free);
    if (!shown) return {};
    std::array<char, 100> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name.data(),
                              name.size());
    return name.data();
}

}  // namespace

struct fake_api_server::state {
    state(key_pair own, std::string const& clients_pem, answerer a)
        : acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
          tls(asio::ssl::context::tls_server),
          answer(std::move(a)) {
        tls.use_certificate_chain(asio::buffer(own.certificate_pem));
        tls.use_private_key(asio::buffer(own.key_pem), asio::ssl::context::pem);
        tls.add_certificate_authority(asio::buffer(clients_pem));
        tls.set_verify_mode(asio::ssl::verify_peer);
        SSL_CTX_set_session_cache_mode(tls.native_handle(), SSL_SESS_CACHE_OFF);
        thread = std::thread([this] { serve(); });
    }

    void serve() {
        while (!over) {
            tcp::socket peer = acceptor.accept();
            current = peer.native_handle();
            if (!over) talk(peer);
            current = -1;
        }
    }

    void talk(tcp::socket& peer) {
        asio::ssl::stream<tcp::socket&> stream(peer, tls);
        error_code wrong;
        stream.handshake(asio::ssl::stream_base::server, wrong);
        if (wrong) return;
        std::string bytes;
        asio::read_until(stream, asio::dynamic_buffer(bytes), "\r\n\r\n", wrong);
        if (wrong) return;
        auto const head_size = bytes.find("\r\n\r\n") + 4;
        auto const head = bytes.substr(0, head_size);
        auto const length = field_of(head, "Content-Length");
        auto const whole = head_size + (length.empty() ? 0 : std::stoul(length));
        if (bytes.size() < whole)
            asio::read(stream, asio::dynamic_buffer(bytes),
                       asio::transfer_exactly(whole - bytes.size()), wrong);
        asked request{.method = head.substr(0, head.find(' ')),
                      .target = {},
                      .authorization = field_of(head, "Authorization"),
                      .accept = field_of(head, "Accept"),
                      .body = bytes.substr(head_size),
                      .client_name = client_name(stream.native_handle()),
                      .server_name = {},
                      .body_form = field_of(head, "Content-Type")};
        auto const begin = request.method.size() + 1;
        request.target = head.substr(begin, head.find(' ', begin) - begin);
        if (auto const* const name =
                SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name))
            request.server_name = name;
        requests.push_back(request);
        auto const said = answer(request);
        auto const text = "HTTP/1.1 " + std::to_string(said.status) +
                          " X\r\nContent-Type: application/json\r\nConnection: close\r\n" +
                          said.fields + "Content-Length: " + std::to_string(said.body.size()) +
                          "\r\n\r\n" + said.body;
        asio::write(stream, asio::buffer(text), wrong);
        stream.shutdown(wrong);
    }

    void stop() {
        if (!thread.joinable()) return;
        over = true;
        if (current >= 0) ::shutdown(current, SHUT_RDWR);
        tcp::socket knock(loop);
        error_code ignored;
        knock.connect(acceptor.local_endpoint(), ignored);
        thread.join();
    }

    asio::io_context loop;
    tcp::acceptor acceptor;
    asio::ssl::context tls;
    answerer answer;
    std::vector<asked> requests;
    std::atomic<bool> over = false;
    std::atomic<int> current = -1;
    std::thread thread;
};

fake_api_server::fake_api_server(key_pair own, std::string clients_pem, answerer answer)
    : state_(std::make_unique<state>(std::move(own), clients_pem, std::move(answer))) {}

fake_api_server::~fake_api_server() { state_->stop(); }

std::uint16_t fake_api_server::port() const { return state_->acceptor.local_endpoint().port(); }

std::vector<asked> fake_api_server::stop() {
    state_->stop();
    return state_->requests;
}

}  // namespace pilothouse::tests
