#include "tests/integration/grpc/grpc_house.hpp"

#include "auth/token_text.hpp"
#include "tests/integration/http/tls_client.hpp"

#include <fcntl.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace pilothouse::tests {

namespace {

task<std::uint64_t> no_limit() { co_return 0; }

}  // namespace

grpc_house::grpc_house(rpc::server_limits const& limits, bool in_the_clear)
    : sessions(keys, stores->tokens(), auditor, time),
      tokens(stores->tokens(), stores->users(), access, time, nullptr, &sessions),
      authenticator(tokens),
      log_file(::open((folder.path() / "log").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)),
      log(std::make_unique<logger>(log_format::json, log_level::info, log_file.get())),
      runner(parts, times, *log, metrics),
      services({access_to, change, read}, {authenticator, policy, sessions},
               "charts.example.org:8443"),
      routes("", rpc::json_doors(services)),
      gate({routes, authenticator, policy, [] { return no_limit(); }, *log, metrics}),
      working_([](std::exception_ptr) { FAIL_CHECK("the runner threw"); }) {
    parts.work_waits = [this] { runner.wake(); };
    rpc::server_settings s;
    s.listen = {"127.0.0.1", 0};
    s.in_the_clear = in_the_clear;
    s.limits = limits;
    if (!in_the_clear) {
        s.tls = make_certificate(folder.path(), "localhost");
        std::ifstream file(s.tls->certificate);
        certificate.assign(std::istreambuf_iterator<char>(file), {});
    }
    auto started = rpc::call_server::start(s, {services, cores, authenticator, *log, metrics});
    if (!started) throw std::runtime_error(started.error().detail);
    server = std::move(*started);
    listener = http::listener::start({"127.0.0.1", 0}, std::nullopt, {}, cores, gate).value();
}

grpc_house::~grpc_house() {
    server.reset();
    listener.reset();
    runner.stop();
    working_.wait();
}

void grpc_house::work() { working_.spawn(cores.core(0).get_executor(), runner.run()); }

http_reply grpc_house::request(std::string_view method, std::string const& target,
                               std::string const& token, std::string_view body,
                               http_headers headers) {
    if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
    return http_client(listener->port()).request(method, target, headers, body);
}

std::string grpc_house::log_lines() {
    server->stop();
    listener->stop();
    runner.stop();
    working_.wait();
    log.reset();
    std::ifstream file(folder.path() / "log");
    return {std::istreambuf_iterator<char>(file), {}};
}

storage::user_record grpc_house::add_user(std::string name) {
    storage::user_record u;
    u.username = std::move(name);
    return run_to_end(stores->users().create(u)).value();
}

std::string grpc_house::add_token(storage::user_record const& u, std::vector<std::string> scopes,
                                  std::optional<instant> expires) {
    auto const text = auth::generate_token(storage::token_kind::personal);
    storage::token_record t;
    t.hash = auth::token_hash(text.reveal());
    t.user = u.id;
    t.scopes = std::move(scopes);
    t.expires = expires;
    run_to_end(stores->tokens().add(t)).value();
    return std::string(text.reveal());
}

void grpc_house::revoke(std::string const& token) {
    auto const found = run_to_end(stores->tokens().find(auth::token_hash(token))).value();
    run_to_end(stores->tokens().revoke(found.id)).value();
}

void grpc_house::let(storage::user_record const& u, storage::cluster_record const& c,
                     storage::role as) {
    run_to_end(stores->cluster_members().set(c.id, u.id, as)).value();
}

void grpc_house::let_read_charts(storage::user_record const& u) {
    storage::membership reader;
    reader.role = storage::role::reporter;
    run_to_end(stores->members().set(project.id, u.id, reader)).value();
}

std::shared_ptr<::grpc::Channel> grpc_house::channel(::grpc::ChannelArguments args) const {
    auto const where = "127.0.0.1:" + std::to_string(server->port());
    if (certificate.empty())
        return ::grpc::CreateCustomChannel(where, ::grpc::InsecureChannelCredentials(), args);
    args.SetSslTargetNameOverride("localhost");
    ::grpc::SslCredentialsOptions trusted;
    trusted.pem_root_certs = certificate;
    return ::grpc::CreateCustomChannel(where, ::grpc::SslCredentials(trusted), args);
}

}  // namespace pilothouse::tests
