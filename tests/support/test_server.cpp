#include "tests/support/test_server.hpp"

#include "auth/token_text.hpp"
#include "base/runtime.hpp"

#include <stdexcept>
#include <utility>

namespace pilothouse::tests {

test_server::test_server(settings s) : settings_(std::move(s)) {
    settings_.data = (folder_.path() / "data").string();
    settings_.listen = "127.0.0.1:0";
    settings_.threads = 2;
    settings_.log_least = log_level::error;
    start();
}

test_server::~test_server() = default;

void test_server::start() {
    auto started = application::start(settings_);
    if (!started) throw std::runtime_error(started.error().detail);
    app_ = std::move(*started);
    auto const address = app_->address();
    port_ = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
}

void test_server::restart() {
    app_.reset();
    start();
}

storage::project_record test_server::add_project(std::string path, storage::visibility v,
                                                 storage::duplicates_rule d) {
    storage::project_record p;
    p.path = std::move(path);
    p.visibility = v;
    p.duplicates = d;
    p.created = core().below->time.now();
    return run_to_end(core().stores->projects().create(p)).value();
}

storage::user_record test_server::add_user(std::string name, bool admin) {
    storage::user_record u;
    u.username = std::move(name);
    u.admin = admin;
    u.created = core().below->time.now();
    return run_to_end(core().stores->users().create(u)).value();
}

void test_server::add_member(storage::project_record const& p, storage::user_record const& u,
                             storage::role r) {
    storage::membership as;
    as.role = r;
    as.created = core().below->time.now();
    run_to_end(core().stores->members().set(p.id, u.id, as)).value();
}

std::string test_server::add(storage::token_record t) {
    auto const text = auth::generate_token(t.kind);
    t.hash = auth::token_hash(text.reveal());
    t.created = core().below->time.now();
    run_to_end(core().stores->tokens().add(t)).value();
    return std::string(text.reveal());
}

std::string test_server::add_token(storage::user_record const& u, std::vector<std::string> scopes) {
    storage::token_record t;
    t.kind = storage::token_kind::personal;
    t.user = u.id;
    t.scopes = std::move(scopes);
    return add(t);
}

std::string test_server::add_deploy_token(storage::project_record const& p,
                                          std::vector<std::string> scopes) {
    storage::token_record t;
    t.kind = storage::token_kind::deploy;
    t.project = p.id;
    t.scopes = std::move(scopes);
    return add(t);
}

std::string test_server::add_job_token(storage::project_record const& p,
                                       storage::user_record const& u) {
    storage::token_record t;
    t.kind = storage::token_kind::job;
    t.project = p.id;
    t.user = u.id;
    return add(t);
}

http_reply test_server::request(std::string_view method, std::string const& target,
                                http_headers const& headers, std::string_view body) {
    return http_client(port_).request(method, target, headers, body);
}

http_reply test_server::push(std::string const& project, std::string const& channel,
                             std::string const& who, std::vector<form_field> const& fields) {
    http_headers headers{{"Content-Type", std::string(form_type)}};
    if (!who.empty()) headers.emplace_back("Authorization", who);
    return request("POST",
                   "/api/v4/projects/" + project + "/packages/helm/api/" + channel + "/charts",
                   headers, form_body(fields));
}

}  // namespace pilothouse::tests
