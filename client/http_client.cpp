#include "client/http_client.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "client/connection.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <cerrno>
#include <set>
#include <span>
#include <utility>

#include <sys/socket.h>

namespace pilothouse::client {

namespace {

namespace http = boost::beast::http;

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t refusal_bytes_max = 64 * 1024;
constexpr int interim_answers_max = 5;

using answer_parser = http::response_parser<http::buffer_body>;

bool visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

result<std::string> authorization(login const& who) {
    if (!who.user.empty())
        return "Basic " + encode_base64(who.user + ":" + std::string(who.password.reveal()));
    if (!visible(who.password.reveal()) || who.password.empty())
        return failure(errc::invalid_argument, "the token holds characters that no token has");
    return "Bearer " + std::string(who.password.reveal());
}

std::uint64_t upload_bytes(request const& what) {
    std::uint64_t bytes = 0;
    for (auto const& u : what.uploads) bytes += u.size_bytes;
    return bytes;
}

result<http::request<http::string_body>> message_of(request const& what) {
    http::request<http::string_body> m;
    m.version(11);
    m.method_string(what.method);
    m.target(what.where.target());
    m.set(http::field::host, what.where.authority());
    m.set(http::field::user_agent, "pilothouse");
    m.set(http::field::accept, "*/*");
    m.set(http::field::accept_encoding, "identity");
    for (auto const& [name, value] : what.fields) m.set(name, value);
    if (what.who) {
        PILOTHOUSE_TRY(auto const value, authorization(*what.who));
        m.set(http::field::authorization, value);
    }
    m.body() = what.body;
    if (!what.body.empty() || (what.method != "GET" && what.method != "HEAD")) m.prepare_payload();
    if (!what.uploads.empty()) m.content_length(what.body.size() + upload_bytes(what));
    return m;
}

asio::const_buffer buffer_of(secret const& text) {
    return {text.reveal().data(), text.reveal().size()};
}

bool safe_to_repeat(request const& what) { return what.method == "GET" || what.method == "HEAD"; }

bool is_redirect(unsigned status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::map<std::string, std::string> fields_of(answer_parser const& parser) {
    std::map<std::string, std::string> all;
    for (auto const& field : parser.get()) {
        std::string name(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(), ascii::lower);
        all.insert_or_assign(std::move(name), std::string(field.value()));
    }
    return all;
}

// Whether the server has closed a kept connection, or said something that nobody asked for.
bool has_ended(connection& c) {
    char byte = 0;
    auto const count = ::recv(c.tcp.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

// One request and its answer on one connection.
template <class Stream>
class exchange {
public:
    exchange(connection& c, Stream& s, client_settings const& settings, time_left time)
        : connection_(c), stream_(s), settings_(settings), time_(time) {}

    // The head of the answer. `silent` says whether not a byte of it came.
    [[nodiscard]] task<result<void>> send(http::request<http::string_body>& message,
                                          std::vector<upload> const& uploads,
                                          std::uint64_t bytes_max) {
        bool const no_body = message.method() == http::verb::head;
        error_code wrong;
        connection_.tcp.expires_at(time_.within(settings_.stall));
        co_await http::async_write(stream_, message, asio::redirect_error(use_task, wrong));
        if (wrong) {
            silent = true;
            co_return failure_of(wrong, "sending the request");
        }
        // A server that does not want the rest closes while we send, and its answer says why.
        auto const unsent = co_await send_uploads(uploads);
        whole = unsent.has_value();
        if (!unsent && unsent.error().code == errc::invalid_argument) co_return unsent.error();
        for (int n = 0; n < interim_answers_max; ++n) {
            parser.emplace();
            parser->header_limit(static_cast<std::uint32_t>(settings_.head_bytes_max));
            parser->body_limit(bytes_max);
            parser->skip(no_body);
            connection_.tcp.expires_at(time_.within(settings_.head));
            co_await http::async_read_header(stream_, connection_.buffer, *parser,
                                             asio::redirect_error(use_task, wrong));
            if (wrong) {
                silent = !parser->got_some();
                if (!unsent) co_return unsent.error();
                co_return failure_of(wrong, "waiting for the answer");
            }
            if (parser->get().result_int() >= 200) co_return result<void>();
        }
        co_return failure(errc::unavailable, "the server answers without coming to an end");
    }

    [[nodiscard]] task<result<std::uint64_t>> read_body(body_sink const& sink) {
        std::string piece(piece_bytes, '\0');
        std::uint64_t count = 0;
        while (!parser->is_done()) {
            auto& body = parser->get().body();
            body.data = piece.data();
            body.size = piece.size();
            error_code wrong;
            connection_.tcp.expires_at(time_.within(settings_.stall));
            co_await http::async_read(stream_, connection_.buffer, *parser,
                                      asio::redirect_error(use_task, wrong));
            if (wrong && wrong != http::error::need_buffer)
                co_return failure_of(wrong, "reading the answer");
            auto const size = piece.size() - parser->get().body().size;
            count += size;
            auto const taken = sink(std::string_view(piece).substr(0, size));
            if (!taken) co_return taken.error();
        }
        co_return count;
    }

    std::optional<answer_parser> parser;
    bool silent = false;
    bool whole = true;  // all of the request was sent

private:
    [[nodiscard]] task<result<void>> send_uploads(std::vector<upload> const& uploads) {
        std::string piece(uploads.empty() ? 0 : piece_bytes, '\0');
        for (auto const& file : uploads) {
            for (std::uint64_t offset = 0; offset < file.size_bytes;) {
                auto const wanted = std::min<std::uint64_t>(piece.size(), file.size_bytes - offset);
                auto const count = file.read(offset, std::span(piece).first(wanted));
                if (count == 0) co_return failure(errc::invalid_argument, "a file became shorter");
                auto const bytes = asio::buffer(piece.data(), count);
                error_code wrong;
                connection_.tcp.expires_at(time_.within(settings_.stall));
                co_await asio::async_write(stream_, bytes, asio::redirect_error(use_task, wrong));
                if (wrong) co_return failure_of(wrong, "sending the request");
                offset += count;
            }
        }
        co_return result<void>();
    }

    connection& connection_;
    Stream& stream_;
    client_settings const& settings_;
    time_left time_;
};

}  // namespace

struct http_client::state {
    state(executor c, client_settings s)
        : core(c), settings(std::move(s)), trust(asio::ssl::context::tls_client) {}

    [[nodiscard]] result<void> prepare();
    [[nodiscard]] result<void> trust_roots();
    [[nodiscard]] result<void> take_certificate();
    [[nodiscard]] task<result<answer>> once(request const& what, body_sink const& sink,
                                            time_left time);
    template <class Stream>
    [[nodiscard]] task<result<answer>> over(Stream& stream, request const& what,
                                            body_sink const& sink, time_left time);
    [[nodiscard]] result<void> move_on(request& what, answer const& redirect) const;

    executor core;
    client_settings settings;
    asio::ssl::context trust;
    std::unique_ptr<connection> open;  // null while none is of use
    bool died_idle = false;            // the last request on a used connection got no answer
};

result<void> http_client::state::prepare() {
    trust.set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(trust.native_handle(), TLS1_2_VERSION);
    auto const trusting = trust_roots();
    if (!trusting) return trusting.error();
    return take_certificate();
}

result<void> http_client::state::trust_roots() {
    error_code wrong;
    if (!settings.ca_pem.empty()) {
        trust.add_certificate_authority(asio::buffer(settings.ca_pem), wrong);
        auto* const store = SSL_CTX_get_cert_store(trust.native_handle());
        if (wrong || sk_X509_OBJECT_num(X509_STORE_get0_objects(store)) == 0)
            return failure(errc::invalid_argument,
                           "the certificates to be trusted are not in PEM form");
        // What is named is trusted, whoever else has signed it.
        X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
        return {};
    }
    trust.set_default_verify_paths(wrong);
    if (wrong)
        return failure(errc::unavailable,
                       "the system's certificates cannot be read: " + wrong.message());
    if (!settings.ca_file.empty()) trust.load_verify_file(settings.ca_file, wrong);
    if (wrong)
        return failure(
            errc::unavailable,
            settings.ca_file + ": no readable certificates in PEM form: " + wrong.message());
    return {};
}

result<void> http_client::state::take_certificate() {
    if (settings.certificate_pem.empty()) return {};
    error_code wrong;
    // A key under a password would ask for it on the terminal.
    SSL_CTX_set_default_passwd_cb(trust.native_handle(), [](char*, int, int, void*) { return 0; });
    trust.use_certificate_chain(buffer_of(settings.certificate_pem), wrong);
    if (wrong) return failure(errc::invalid_argument, "the client certificate is not in PEM form");
    trust.use_private_key(buffer_of(settings.key_pem), asio::ssl::context::pem, wrong);
    if (wrong)
        return failure(errc::invalid_argument,
                       "the client certificate's key is not its own, not in PEM form, or under a "
                       "password");
    return {};
}

template <class Stream>
task<result<answer>> http_client::state::over(Stream& stream, request const& what,
                                              body_sink const& sink, time_left time) {
    PILOTHOUSE_CO_TRY(auto message, message_of(what));
    exchange<Stream> x(*open, stream, settings, time);
    auto const sent = co_await x.send(message, what.uploads, what.answer_bytes_max);
    if (!sent) {
        died_idle = x.silent && open->used;
        co_return sent.error();
    }
    answer a{x.parser->get().result_int(), what.where, fields_of(*x.parser), 0, {}};
    body_sink const keep_refusal = [&a](std::string_view bytes) -> result<void> {
        a.refusal += bytes.substr(0, refusal_bytes_max - a.refusal.size());
        return {};
    };
    PILOTHOUSE_CO_TRY(a.body_bytes, co_await x.read_body(a.success() ? sink : keep_refusal));
    open->used = true;
    bool const reusable = x.whole && x.parser->keep_alive() && open->buffer.size() == 0;
    if (!reusable) open.reset();
    co_return a;
}

task<result<answer>> http_client::state::once(request const& what, body_sink const& sink,
                                              time_left time) {
    for (;;) {
        bool const risky = open && !safe_to_repeat(what) && has_ended(*open);
        if (!open || risky || open->origin != what.where.origin()) {
            open.reset();
            way const how{
                core,        trust, settings.connect, settings.allow_private, settings.tls_name,
                settings.off};
            PILOTHOUSE_CO_TRY(open, co_await open_connection(how, what.where, time));
        }
        died_idle = false;
        bool const tls = open->tls.has_value();
        auto outcome = tls ? co_await over(*open->tls, what, sink, time)
                           : co_await over(open->tcp, what, sink, time);
        if (outcome) co_return outcome;
        open.reset();
        // A server may close an idle connection at any moment; that is no answer.
        if (!died_idle || !safe_to_repeat(what)) co_return outcome;
    }
}

// The next place. What was meant for the first origin alone goes nowhere else, and not back either.
result<void> http_client::state::move_on(request& what, answer const& redirect) const {
    PILOTHOUSE_TRY(auto next, what.where.resolve(redirect.fields.at("location")));
    if (what.where.tls() && !next.tls())
        return failure(errc::denied, "redirected from https to http");
    if (next.origin() != what.where.origin()) {
        what.who.reset();
        what.fields.clear();
    }
    what.where = std::move(next);
    return {};
}

http_client::http_client(std::unique_ptr<state> s) : state_(std::move(s)) {}

http_client::~http_client() = default;

result<std::unique_ptr<http_client>> http_client::make(executor core, client_settings s) {
    auto made = std::make_unique<state>(core, std::move(s));
    auto const prepared = made->prepare();
    if (!prepared) return prepared.error();
    return std::unique_ptr<http_client>(new http_client(std::move(made)));
}

task<result<answer>> http_client::fetch(request what, body_sink sink) {
    auto const total = std::chrono::steady_clock::now() + state_->settings.total;
    time_left const time{std::min(total, what.end)};
    std::set<std::string> seen;
    for (unsigned redirects = 0;; ++redirects) {
        seen.insert(what.where.text());
        auto a = co_await state_->once(what, sink, time);
        bool const follow =
            a && is_redirect(a->status) && a->fields.contains("location") && safe_to_repeat(what);
        if (!follow) co_return a;
        if (redirects == state_->settings.redirects_max)
            co_return failure(errc::unavailable, "redirected too often");
        auto const moved = state_->move_on(what, *a);
        if (!moved) co_return failure(moved.error().code, "a redirect: " + moved.error().detail);
        if (seen.contains(what.where.text()))
            co_return failure(errc::unavailable, "redirected in a circle");
    }
}

}  // namespace pilothouse::client
