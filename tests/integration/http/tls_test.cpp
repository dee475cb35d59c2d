// The same listener through TLS.
#include "base/descriptor.hpp"
#include "tests/integration/http/stand_in.hpp"
#include "tests/integration/http/tls_client.hpp"
#include "tests/support/temp_dir.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace pilothouse::tests::tls_test {

using namespace std::chrono_literals;

namespace {

std::string const whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

struct tls_listener {
    explicit tls_listener(http::limits const& l = {})
        : files(make_certificate(folder.path(), "first")), server(l, 2, files) {}
    temp_dir folder;
    http::tls_files files;
    test_listener server;
};

// The same key, encrypted.
void put_under_password(std::filesystem::path const& file) {
    auto* in = std::fopen(file.c_str(), "r");
    REQUIRE(in != nullptr);
    auto* const key = PEM_read_PrivateKey(in, nullptr, nullptr, nullptr);
    (void)std::fclose(in);
    REQUIRE(key != nullptr);
    auto* out = std::fopen(file.c_str(), "w");
    REQUIRE(out != nullptr);
    std::string password = "open sesame";
    CHECK(PEM_write_PKCS8PrivateKey(out, key, EVP_aes_256_cbc(), password.data(),
                                    static_cast<int>(password.size()), nullptr, nullptr) == 1);
    (void)std::fclose(out);
    EVP_PKEY_free(key);
}

}  // namespace

TEST_CASE("requests and bodies pass through TLS") {
    tls_listener tls;
    std::string const body(300'000, 'x');
    tls_client client(tls.server.port());
    REQUIRE(client.connected());
    for (int i = 0; i < 3; ++i) {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + body);
        client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
        CHECK(body_of(client.answer()) == "PUT / host=a body=300000:" + body.substr(0, 100));
        CHECK(body_of(client.answer()) == "GET /a host=a body=0:");
        CHECK(body_of(client.answer()) == "GET /b host=a body=0:");
    }
    client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(status_of(client.answer()) == 200);
    CHECK(client.ends());
}

TEST_CASE("bodies of every form arrive whole through TLS") {
    tls_listener tls;
    std::string content;
    for (int i = 0; content.size() < 3'000'000; ++i) content += std::to_string(i) + ' ';
    auto const path = (tls.folder.path() / "file").string();
    std::ofstream(path) << "skipped" << content;
    auto const file = std::make_shared<descriptor>(::open(path.c_str(), O_RDONLY));
    tls.server.handler.at("/text", [&](auto&) { return http::response(200).body(content); });
    tls.server.handler.at("/file", [&](auto&) {
        return http::response(200).body(http::file_body{
            .owner = file, .descriptor = file->get(), .offset = 7, .length = content.size()});
    });
    tls.server.handler.at("/pieces", [&](auto&) {
        std::vector<shared_bytes> pieces;
        for (std::size_t at = 0; at < content.size(); at += 5003) {
            pieces.emplace_back(nullptr, std::string_view(content).substr(at, 5003));
        }
        return http::response(200).body(std::move(pieces));
    });
    for (char const* target : {"/text", "/file", "/pieces"}) {
        CAPTURE(target);
        tls_client client(tls.server.port());
        for (int i = 0; i < 2; ++i) {
            client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            REQUIRE(body_of(client.answer()) == content);
        }
    }
}

TEST_CASE("ALPN settles on HTTP/1.1 or on nothing") {
    tls_listener tls;
    struct row {
        char const* offered;
        bool connects;
        char const* chosen;
    };
    for (row const& r : std::vector<row>{{"", true, ""},
                                         {"http/1.1", true, "http/1.1"},
                                         {"h2,http/1.1", true, "http/1.1"},
                                         {"h2", false, ""},
                                         {"http/1.0", false, ""}}) {
        CAPTURE(r.offered);
        tls_client client(tls.server.port(), r.offered);
        CHECK(client.connected() == r.connects);
        CHECK(client.protocol() == r.chosen);
    }
}

TEST_CASE("TLS before 1.2 is not spoken") {
    tls_listener tls;
    struct row {
        int version;
        bool connects;
    };
    for (row const& r : std::vector<row>{{TLS1_VERSION, false},
                                         {TLS1_1_VERSION, false},
                                         {TLS1_2_VERSION, true},
                                         {TLS1_3_VERSION, true}}) {
        CAPTURE(r.version);
        tls_client client(tls.server.port(), {}, r.version);
        CHECK(client.connected() == r.connects);
    }
}

TEST_CASE("half a handshake, plain text and nothing at all end at the deadline of the header") {
    tls_listener tls({.header_time = 50ms, .linger_time = 50ms});
    wire nothing(tls.server.port());
    CHECK(nothing.ends());
    wire half(tls.server.port());
    half.send(std::string("\x16\x03\x01\x02\x00\x01\x00", 7));
    CHECK(half.ends());
    wire plain(tls.server.port());
    plain.send(whole);
    CHECK(status_of(plain.rest()) == 0);
    tls_client late(tls.server.port());
    late.send("GET / HT");
    CHECK(status_of(late.answer()) == 408);
    CHECK(tls.server.becomes([](auto const& c) { return c.open == 0; }));
}

TEST_CASE("a new certificate serves new connections, and old ones go on") {
    tls_listener tls;
    tls_client old(tls.server.port());
    CHECK(old.server_name() == "first");
    auto const first_end = tls.server.listener->certificate_expires();

    make_certificate(tls.folder.path(), "second", 7200);
    REQUIRE(tls.server.listener->reload_tls().has_value());
    tls_client fresh(tls.server.port());
    CHECK(fresh.server_name() == "second");
    CHECK(*tls.server.listener->certificate_expires() > *first_end);
    for (tls_client* client : {&old, &fresh}) {
        client->send(whole);
        CHECK(status_of(client->answer()) == 200);
    }
}

TEST_CASE("a certificate that will not do is refused, and the one before stays") {
    tls_listener tls;
    temp_dir const other;
    auto const good_key = [&] {
        std::ifstream file(tls.files.key);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }();
    struct row {
        char const* what;
        std::function<void()> spoil;
        std::string says;
    };
    for (row const& r : std::vector<row>{
             {"no file", [&] { std::filesystem::remove(tls.files.certificate); },
              "cert.pem (setting tls.certificate) is not there"},
             {"no key", [&] { std::filesystem::remove(tls.files.key); },
              "key.pem (setting tls.key) is not there"},
             {"a folder",
              [&] {
                  std::filesystem::remove(tls.files.key);
                  std::filesystem::create_directory(tls.files.key);
              },
              "is a folder"},
             {"empty", [&] { std::ofstream(tls.files.certificate, std::ios::trunc).flush(); },
              "holds no certificate in PEM form"},
             {"no PEM", [&] { std::ofstream(tls.files.certificate) << "hello"; },
              "holds no certificate in PEM form"},
             {"no PEM key", [&] { std::ofstream(tls.files.key) << "hello"; },
              "holds no private key in PEM form"},
             {"key of another", [&] { std::ofstream(tls.files.key) << good_key; },
              "is not the key of the certificate in"},
             {"key under a password", [&] { put_under_password(tls.files.key); },
              "is under a password"},
             {"expired", [&] { make_certificate(tls.folder.path(), "late", -60); },
              "expired on"}}) {
        CAPTURE(r.what);
        std::filesystem::remove(tls.files.key);  // perhaps a folder
        make_certificate(tls.folder.path(), "next");
        r.spoil();
        auto const reloaded = tls.server.listener->reload_tls();
        REQUIRE(reloaded.has_error());
        CHECK(reloaded.error().code == errc::unavailable);
        CHECK(reloaded.error().detail.find(r.says) != std::string::npos);
        CHECK(tls_client(tls.server.port()).server_name() == "first");
        // And a listener does not begin with it.
        stand_in handler;
        runtime cores(1);
        CHECK(http::listener::start({"127.0.0.1", 0}, tls.files, {}, cores, handler).has_error());
    }
}

TEST_CASE("a listener in the clear has no certificate to read anew") {
    test_listener server;
    CHECK(server.listener->reload_tls().has_value());
    CHECK_FALSE(server.listener->certificate_expires().has_value());
}

TEST_CASE("a client that is slow to read through TLS gets everything") {
    tls_listener tls;
    std::string const content(2'000'000, 'x');
    tls.server.handler.at("/text", [&](auto&) { return http::response(200).body(content); });
    std::vector<std::unique_ptr<tls_client>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<tls_client>(tls.server.port()));
        clients.back()->send("GET /text HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    for (auto& client : clients) CHECK(body_of(client->answer()).size() == content.size());
}

}  // namespace pilothouse::tests::tls_test
