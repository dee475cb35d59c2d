// How the API server is reached: certificates, credentials, limits, and words for what goes wrong.
#include "release/kubernetes/api_client.hpp"

#include "base/runtime.hpp"
#include "tests/integration/kubernetes/fake_api_server.hpp"
#include "tests/support/result_text.hpp"

#include <doctest/doctest.h>

#include <boost/json/object.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>

namespace pilothouse::tests::api_client_test {

using namespace pilothouse::release;
using namespace pilothouse::release::kubernetes;
using namespace std::chrono_literals;

namespace {

task<result<reply>> get(cluster_access access, std::string path, time_limits limits) {
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, limits));
    co_return co_await api->get(std::move(path));
}

task<result<reply>> post(cluster_access access, std::string path, boost::json::value body) {
    auto const core = co_await asio::this_coro::executor;
    PILOTHOUSE_CO_TRY(auto const api, api_client::make(core, access, {}));
    co_return co_await api->post(std::move(path), std::move(body));
}

struct fixture {
    authority own{"cluster"};
    authority foreign{"somebody"};

    std::unique_ptr<fake_api_server> serve(std::string const& names,
                                           fake_api_server::answerer answer) {
        return std::make_unique<fake_api_server>(own.issue("api", names), own.pem(),
                                                 std::move(answer));
    }
    std::unique_ptr<fake_api_server> serve() {
        return serve("IP:127.0.0.1", [](asked const&) { return told{200, R"({"a": 1})"}; });
    }
    cluster_access access(fake_api_server const& server) {
        cluster_access a;
        a.server = "https://127.0.0.1:" + std::to_string(server.port());
        a.ca_pem = own.pem();
        a.token = secret("whistle");
        return a;
    }
    static result<reply> ask(cluster_access const& access, std::string const& path = "/version",
                             time_limits limits = {}) {
        return run_to_end(get(access, path, limits));
    }
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "a token goes to the server whose authority the kubeconfig has") {
    auto const server = serve();
    auto with_path = access(*server);
    with_path.server += "/k8s/clusters/one/";
    auto const r = ask(with_path, "/version?x=y");
    REQUIRE(r);
    CHECK(r->status == 200);
    CHECK(r->body == boost::json::value{{"a", 1}});
    auto const asked = server->stop();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].line() == "GET /k8s/clusters/one/version?x=y");
    CHECK(asked[0].authorization == "Bearer whistle");
}

TEST_CASE_FIXTURE(fixture, "a client certificate says who we are, and what is posted arrives") {
    auto const server = serve();
    auto const bosun = own.issue("bosun", "");
    auto a = access(*server);
    a.token = secret();
    a.certificate_pem = secret(bosun.certificate_pem);
    a.key_pem = secret(bosun.key_pem);
    REQUIRE(run_to_end(post(a, "/reviews", {{"kind", "Review"}})));
    auto const asked = server->stop();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].client_name == "bosun");
    CHECK(asked[0].authorization.empty());
    CHECK(asked[0].line() == "POST /reviews");
    CHECK(asked[0].body == R"({"kind":"Review"})");
}

TEST_CASE_FIXTURE(fixture, "no token is sent where the certificate is not the cluster's") {
    auto const server = serve();
    auto a = access(*server);
    a.ca_pem = foreign.pem();
    auto const unknown = ask(a);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == errc::wrong_state);
    CHECK(unknown.error().detail.find("certificate is not trusted") != std::string::npos);
    a.ca_pem.clear();  // the system's authorities do not know it either
    CHECK(ask(a).error().code == errc::wrong_state);
    CHECK(server->stop().empty());

    auto const other = serve("DNS:plane.test", [](auto const&) { return told{200, "{}"}; });
    auto const misnamed = ask(access(*other));
    REQUIRE_FALSE(misnamed);
    CHECK(misnamed.error().detail.find("mismatch") != std::string::npos);
    CHECK(other->stop().empty());
}

TEST_CASE_FIXTURE(fixture, "the name of the certificate may be another than the host's") {
    auto const server = serve("DNS:plane.test", [](auto const&) { return told{200, "{}"}; });
    auto a = access(*server);
    a.tls_server_name = "plane.test";
    CHECK(ask(a));
    auto const asked = server->stop();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].server_name == "plane.test");
}

TEST_CASE_FIXTURE(fixture, "one certificate alone may be trusted, whoever has signed it") {
    auto const pair = own.issue("api", "IP:127.0.0.1");
    fake_api_server server(pair, own.pem(), [](auto const&) { return told{200, "{}"}; });
    auto a = access(server);
    a.ca_pem = pair.certificate_pem;
    CHECK(ask(a));
}

TEST_CASE_FIXTURE(fixture, "certificates that are none are refused before anything is sent") {
    auto const server = serve();
    auto const bosun = own.issue("bosun", "");
    auto const mate = own.issue("mate", "");
    struct row {
        std::string ca, certificate, key;
    };
    for (auto const& r : {
             row{"no PEM", "", ""},
             row{own.pem(), "no PEM", bosun.key_pem},
             row{own.pem(), bosun.certificate_pem, "no PEM"},
             row{own.pem(), bosun.certificate_pem, mate.key_pem},
             row{own.pem(), bosun.certificate_pem, ""},
         }) {
        auto a = access(*server);
        a.ca_pem = r.ca;
        a.certificate_pem = secret(r.certificate);
        a.key_pem = secret(r.key);
        auto const refused = ask(a);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::wrong_state);
        CHECK(refused.error().detail.find("PEM") != std::string::npos);
    }
    CHECK(server->stop().empty());
}

TEST_CASE_FIXTURE(fixture, "redirections are not followed") {
    auto const elsewhere = serve();
    auto const location =
        "Location: https://127.0.0.1:" + std::to_string(elsewhere->port()) + "/\r\n";
    auto const server = serve("IP:127.0.0.1", [&](auto const&) { return told{307, "", location}; });
    auto const r = ask(access(*server));
    REQUIRE_FALSE(r);
    CHECK(r.error().code == errc::unavailable);
    CHECK(elsewhere->stop().empty());
}

TEST_CASE_FIXTURE(fixture, "what is not there, is silent, or says too much is told in words") {
    auto server = serve();
    auto const gone = access(*server);
    server.reset();
    auto const refused = ask(gone);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::unavailable);
    CHECK(refused.error().detail.starts_with("the cluster cannot be reached: connecting to 127."));

    auto const endless = serve("IP:127.0.0.1", [](auto const&) {
        return told{200, "\"" + std::string(17 * 1024 * 1024, 'x') + "\""};
    });
    auto const large = ask(access(*endless));
    REQUIRE_FALSE(large);
    CHECK(large.error().detail.find("too large") != std::string::npos);

    std::atomic<bool> asleep = true;
    auto const silent = serve("IP:127.0.0.1", [&asleep](auto const&) {
        asleep.wait(true);
        return told{};
    });
    auto const late = ask(access(*silent), "/version", {50ms, 10s});
    auto const later = ask(access(*silent), "/version", {10s, 50ms});
    asleep = false;
    asleep.notify_all();
    REQUIRE_FALSE(late);
    REQUIRE_FALSE(later);
    CHECK(late.error().code == errc::unavailable);
    CHECK(late.error().detail.find("too long") != std::string::npos);
}

TEST_CASE_FIXTURE(fixture,
                  "refusals are told by their status, in the server's words where it has some") {
    struct row {
        told answer;
        errc code;
        std::string words;
    };
    for (auto const& r : {
             row{{401, R"({"message": "Unauthorized"})"}, errc::wrong_state, "credentials"},
             row{{403, R"({"message": "pods is forbidden:\nUser \"bosun\""})"},
                 errc::denied,
                 R"(pods is forbidden: User "bosun")"},
             row{{403, "<html>"}, errc::denied, "does not allow"},
             row{{404, R"({"message": "no such"})"}, errc::not_found, "no such"},
             row{{503, R"({"message": "overloaded"})"}, errc::unavailable, "503: overloaded"},
             row{{500, "["}, errc::unavailable, "500"},
         }) {
        CAPTURE(r.answer.status);
        auto const server = serve("IP:127.0.0.1", [&r](auto const&) { return r.answer; });
        auto const answered = ask(access(*server));
        REQUIRE(answered);
        auto const f = refusal_of(*answered);
        CHECK(f.code == r.code);
        CHECK(f.detail.find(r.words) != std::string::npos);
    }
}

}  // namespace pilothouse::tests::api_client_test
