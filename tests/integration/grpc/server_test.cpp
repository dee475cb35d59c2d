// The port: TLS, limits, what the library serves by itself, start and stop.
#include "tests/integration/grpc/grpc_house.hpp"
#include "tests/integration/grpc/raw_calls.hpp"
#include "tests/integration/http/tls_client.hpp"
#include "tests/integration/http/wire.hpp"

#include "base/busy.hpp"

#include <doctest/doctest.h>
#include <proto/yandex/cloud/endpoint/api_endpoint_service.grpc.pb.h>
#include <proto/yandex/cloud/operation/operation_service.grpc.pb.h>

#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace pilothouse::tests::server_test {

using namespace std::chrono_literals;
namespace operation = yandex::cloud::operation;
namespace endpoint = yandex::cloud::endpoint;

namespace {

using get_operation = operation::OperationService::Stub;
using list_endpoints = endpoint::ApiEndpointService::Stub;

int code_of_list(grpc_house& house, std::shared_ptr<::grpc::Channel> const& wire) {
    list_endpoints stub(wire);
    endpoint::ListApiEndpointsResponse all;
    return house.call(stub, &list_endpoints::List, {}, all, "").code();
}

// A call that needs its caller known, and its answer.
call_outcome poll(grpc_house& house) {
    get_operation stub(house.channel());
    operation::GetOperationRequest asked;
    asked.set_operation_id("o1");
    operation::Operation found;
    return house.call(stub, &get_operation::Get, asked, found, "plhp_nobody");
}

call_outcome cancel(grpc_house& house) {
    get_operation stub(house.channel());
    operation::CancelOperationRequest asked;
    asked.set_operation_id("o1");
    operation::Operation found;
    return house.call(stub, &get_operation::Cancel, asked, found, "plhp_nobody");
}

// Holds calls until it is opened.
struct barrier {
    std::promise<void> reached, opened;
    std::shared_future<void> open = opened.get_future().share();
    std::atomic<bool> told{false};
    void operator()() {
        if (!told.exchange(true)) reached.set_value();
        open.wait();
    }
};

std::string text_of(std::filesystem::path const& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

result<std::unique_ptr<rpc::call_server>> start(grpc_house& h, rpc::server_settings const& s) {
    return rpc::call_server::start(s, {h.services, h.cores, h.authenticator, *h.log, h.metrics});
}

}  // namespace

TEST_CASE("without a certificate the server speaks only when it was asked to do without") {
    grpc_house house({}, true);
    CHECK(code_of_list(house, house.channel()) == 0);
    auto const refused = start(house, {.listen = {"127.0.0.1", 0}, .tls = {}});
    REQUIRE(!refused.has_value());
    CHECK(refused.error().detail.find("grpc.plaintext") != std::string::npos);
}

TEST_CASE("who speaks in the clear to TLS is not answered, and whom nobody trusts not either") {
    grpc_house house;
    auto const where = "127.0.0.1:" + std::to_string(house.server->port());
    CHECK(code_of_list(house, ::grpc::CreateChannel(where, ::grpc::InsecureChannelCredentials())) ==
          14);
    CHECK(code_of_list(house, ::grpc::CreateChannel(where, ::grpc::SslCredentials({}))) == 14);
    CHECK(code_of_list(house, house.channel()) == 0);
}

TEST_CASE("a certificate is judged before the port is opened") {
    grpc_house house;
    temp_dir folder;
    auto files = make_certificate(folder.path(), "localhost");
    std::ofstream(files.key) << "no key";
    auto const refused = start(house, {.listen = {"127.0.0.1", 0}, .tls = files});
    REQUIRE(!refused.has_value());
    CHECK(refused.error().detail.find("key.pem") != std::string::npos);
}

TEST_CASE("a port that is taken is no port") {
    grpc_house house({}, true);
    auto const refused = start(
        house, {.listen = {"127.0.0.1", house.server->port()}, .tls = {}, .in_the_clear = true});
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == errc::unavailable);
}

TEST_CASE("a certificate that was renewed is shown without a restart") {
    grpc_house house({.certificate_check = 1s});
    REQUIRE(code_of_list(house, house.channel()) == 0);
    make_certificate(house.folder.path(), "localhost");
    house.certificate = text_of(house.folder.path() / "cert.pem");
    ::grpc::ChannelArguments anew;
    anew.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    int code = -1;
    for (auto const end = std::chrono::steady_clock::now() + 30s;
         code != 0 && std::chrono::steady_clock::now() < end;)
        code = code_of_list(house, house.channel(anew));
    CHECK(code == 0);
}

TEST_CASE("what is compressed is not unpacked, whatever it would become") {
    grpc_house house;
    auto const check = [&](grpc_compression_algorithm algorithm) {
        ::grpc::ChannelArguments how;
        how.SetCompressionAlgorithm(algorithm);
        // A service whose name is 100 letters long.
        std::string const asked = std::string("\x0a\x64") + std::string(100, 'a');
        return call_raw(house.channel(how), "/grpc.health.v1.Health/Check", asked).first;
    };
    CHECK(check(GRPC_COMPRESS_NONE).error_code() == ::grpc::StatusCode::NOT_FOUND);
    auto const refused = check(GRPC_COMPRESS_GZIP);
    CHECK_FALSE(refused.ok());
    CHECK(refused.error_code() != ::grpc::StatusCode::NOT_FOUND);
}

TEST_CASE("health and reflection are there") {
    grpc_house house;
    auto const wire = house.channel();
    auto const [healthy, serving] = call_raw(wire, "/grpc.health.v1.Health/Check", "");
    CHECK(healthy.ok());
    CHECK(serving == "\x08\x01");

    // list_services
    auto const [reflected, names] = stream_raw(
        wire, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", {"\x3a\x00", 2});
    CHECK(reflected.ok());
    for (std::string const name :
         {"yandex.cloud.k8s.marketplace.v1.HelmReleaseService",
          "yandex.cloud.operation.OperationService", "yandex.cloud.endpoint.ApiEndpointService",
          "yandex.cloud.iam.v1.IamTokenService", "grpc.health.v1.Health"}) {
        CAPTURE(name);
        CHECK(names.find(name) != std::string::npos);
    }
}

TEST_CASE("a method that is not there is UNIMPLEMENTED") {
    grpc_house house;
    auto const wire = house.channel();
    for (std::string const method :
         {"/yandex.cloud.iam.v1.IamTokenService/Revoke",
          "/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/Nothing", "/nothing/Nothing"})
        CHECK(call_raw(wire, method, "").first.error_code() == 12);
}

TEST_CASE("bytes that are no such message are refused with words, once the caller is known") {
    grpc_house house;
    auto const wire = house.channel();
    auto const token = house.add_token(house.add_user("skipper"));
    std::string const services = "/yandex.cloud.k8s.marketplace.v1.HelmReleaseService/";
    std::string const bodies[] = {
        "junk",  // no field
        {"\x0a\x7f"
         "a",
         3},                             // a text that is longer than the message
        {"\x0a\x02\xff\xfe", 4},         // a text that is not UTF-8
        {"\x10\xff\xff\xff", 4},         // a number without an end
        std::string("\x0b\x0a\x01", 3),  // a group that is not closed
    };
    for (std::string const method : {"List", "Get", "Install", "Update", "Uninstall"})
        for (auto const& body : bodies) {
            CAPTURE(method);
            CAPTURE(body);
            auto const refused = call_raw(wire, services + method, body, token).first;
            CHECK(refused.error_code() == 3);
            CHECK(refused.error_message().find("HelmRelease") != std::string::npos);
            CHECK(refused.error_message().find(".proto") != std::string::npos);
            CHECK(call_raw(wire, services + method, body).first.error_code() == 16);
        }
    for (std::string const method : {"/yandex.cloud.operation.OperationService/Get",
                                     "/yandex.cloud.operation.OperationService/Cancel"})
        CHECK(call_raw(wire, method, "junk", token).first.error_code() == 3);
    for (std::string const method : {"/yandex.cloud.endpoint.ApiEndpointService/Get",
                                     "/yandex.cloud.endpoint.ApiEndpointService/List",
                                     "/yandex.cloud.iam.v1.IamTokenService/Create"})
        CHECK(call_raw(wire, method, "junk").first.error_code() == 3);

    ::grpc::ChannelArguments how;
    how.SetCompressionAlgorithm(GRPC_COMPRESS_GZIP);
    std::string const asked = std::string("\x0a\x64") + std::string(100, 'a');
    auto const packed = call_raw(house.channel(how), services + "Get", asked, token).first;
    CHECK(packed.error_code() == 3);
    CHECK(packed.error_message().find("not compressed") != std::string::npos);
}

TEST_CASE("who connects and says nothing is let go") {
    grpc_house house({.handshake_time = 50ms}, true);
    wire w(house.server->port());
    auto const left = w.until("a word that never comes");
    CHECK(left.find("a word") == std::string::npos);
}

TEST_CASE("a request of more than 4 MiB is not taken") {
    grpc_house house;
    auto const list = "/yandex.cloud.endpoint.ApiEndpointService/List";
    CHECK(call_raw(house.channel(), list, std::string(4 * 1024 * 1024 + 1, '\0'))
              .first.error_code() == 8);
    CHECK(call_raw(house.channel(), list, "").first.ok());
}

TEST_CASE("clients may ping connections without calls") {
    CHECK(rpc::server_limits().least_ping_interval == 10s);
    auto const ping = [](std::string const& payload) {
        return std::string("\0\0\x08\x06\0\0\0\0\0", 9) + payload;
    };
    // Pings at once, one behind the other, another when they are answered; and what comes back.
    auto const answered = [&](std::chrono::milliseconds least) {
        grpc_house house({.least_ping_interval = least, .ping_strikes = 3}, true);
        wire w(house.server->port());
        std::string bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        bytes += {"\0\0\0\x04\0\0\0\0\0", 9};  // SETTINGS
        for (int i = 1; i <= 8; ++i) bytes += ping("--ping-" + std::to_string(i));
        CHECK(w.send(bytes));
        auto all = w.until("--ping-8");
        (void)w.send(ping("the-last"));
        return all + w.until("the-last");
    };
    CHECK(answered(1h).find("too_many_pings") != std::string::npos);
    auto const allowed = answered(0ms);
    CHECK(allowed.find("the-last") != std::string::npos);
    CHECK(allowed.find("too_many_pings") == std::string::npos);
}

TEST_CASE("what the house fails at is told without detail, and logged whole") {
    grpc_house house;
    house.authenticator.before = [] { throw std::runtime_error("hunter2 is broken"); };
    auto const broken = cancel(house);
    CHECK(broken.code() == 13);
    CHECK(broken.status.error_message().find("hunter2") == std::string::npos);
    // Its clients give up at INTERNAL.
    CHECK(poll(house).code() == 14);
    house.authenticator.before = [] { throw busy("queue"); };
    CHECK(cancel(house).code() == 14);
    house.authenticator.before = [] { throw storage_full("disk"); };
    CHECK(cancel(house).code() == 8);
    CHECK(house.log_lines().find("hunter2 is broken") != std::string::npos);
}

TEST_CASE("a call that takes too long is answered, and goes on") {
    grpc_house house({.call_time = 50ms});
    barrier held;
    house.authenticator.before = std::ref(held);
    auto const late = cancel(house);
    CHECK(late.code() == 4);
    CHECK(late.trailing.contains("x-server-trace-id"));
    held.opened.set_value();
    CHECK(cancel(house).code() == 16);
}

TEST_CASE("more calls than the server takes are told to come again") {
    grpc_house house({.calls = 1});
    barrier held;
    house.authenticator.before = std::ref(held);
    auto first = std::async(std::launch::async, [&] { return cancel(house).code(); });
    held.reached.get_future().wait();
    CHECK(code_of_list(house, house.channel()) == 14);
    held.opened.set_value();
    CHECK(first.get() == 16);
}

TEST_CASE("callers are counted, who shows bad credentials by his address") {
    grpc_house house({}, true);
    http::request_rates rates;
    rates.api_address = {.count = 2, .window = 1h};
    rates.api_user = {.count = 3, .window = 1h};
    http::request_limiter limiter(rates, house.time);
    house.server =
        rpc::call_server::start(
            {.listen = {"127.0.0.1", 0}, .tls = {}, .in_the_clear = true},
            {house.services, house.cores, house.authenticator, *house.log, house.metrics, &limiter})
            .value();
    auto const token = house.add_token(house.add_user("skipper"));
    get_operation stub(house.channel());
    operation::GetOperationRequest asked;
    asked.set_operation_id("o1");
    operation::Operation found;
    auto const code = [&](std::string const& who) {
        return house.call(stub, &get_operation::Get, asked, found, who).code();
    };
    for (int const expected : {16, 16, 8}) CHECK(code("plhp_nobody") == expected);
    for (int const expected : {5, 5, 5, 8}) CHECK(code(token) == expected);
    // Whoever looks for the services, or for a token, is not counted.
    CHECK(code_of_list(house, house.channel()) == 0);
    house.server.reset();
}

TEST_CASE("a server that stops waits for its calls, and not for ever") {
    grpc_house house({.drain_time = 50ms});
    barrier held;
    house.authenticator.before = std::ref(held);
    auto first = std::async(std::launch::async, [&] { return cancel(house).code(); });
    held.reached.get_future().wait();
    auto stopped = std::async(std::launch::async, [&] { house.server->stop(); });
    CHECK(first.get() != 0);  // told, while its work is not done
    held.opened.set_value();
    stopped.get();
    CHECK(code_of_list(house, house.channel()) == 14);
}

TEST_CASE("each call has a line and is counted") {
    grpc_house house;
    auto const user = house.add_user("skipper");
    auto const token = house.add_token(user);
    CHECK(code_of_list(house, house.channel()) == 0);
    get_operation stub(house.channel());
    operation::GetOperationRequest asked;
    asked.set_operation_id("o1");
    operation::Operation found;
    CHECK(house.call(stub, &get_operation::Get, asked, found, token, {{"x-request-id", "my-own"}})
              .code() == 5);
    auto const lines = house.log_lines();
    for (std::string const piece :
         {R"("method":"/yandex.cloud.endpoint.ApiEndpointService/List","status":"OK")",
          R"("request_id":"my-own")", R"("peer":"127.0.0.1")", R"("principal":"skipper")",
          R"("method":"/yandex.cloud.operation.OperationService/Get","status":"NOT_FOUND")"}) {
        CAPTURE(piece);
        CHECK(lines.find(piece) != std::string::npos);
    }
    CHECK(lines.find(token) == std::string::npos);
    auto const measured = house.metrics.text();
    CHECK(measured.find("pilothouse_grpc_calls_total{code=\"NOT_FOUND\",method=\"/yandex.cloud."
                        "operation.OperationService/Get\"} 1") != std::string::npos);
    CHECK(measured.find("pilothouse_grpc_call_duration_seconds_count") != std::string::npos);
}

}  // namespace pilothouse::tests::server_test
