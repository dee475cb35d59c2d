#include "release/kubeconfig.hpp"

#include "base/base64.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace pilothouse::tests::kubeconfig_test {

using namespace pilothouse::release;

namespace {

std::string const certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
std::string const private_key =
    "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";

std::string config(std::string const& cluster, std::string const& user) {
    return "apiVersion: v1\nkind: Config\ncurrent-context: main\n"
           "contexts:\n- name: main\n  context: {cluster: one, user: ada, namespace: ignored}\n"
           "- name: other\n  context: {cluster: two, user: ada}\n"
           "clusters:\n- name: one\n  cluster:\n" +
           cluster +
           "- name: two\n  cluster: {server: 'https://two.invalid'}\n"
           "users:\n- name: ada\n  user:\n" +
           user;
}

std::string const server = "    server: https://one.invalid:6443/k8s/c1\n";
std::string const token = "    token: abc.def-123\n";

result<cluster_access> read(std::string const& text, std::string_view context = {}) {
    return read_kubeconfig(secret(text), context);
}

std::string refusal(std::string const& text, std::string_view context = {}) {
    auto const r = read(text, context);
    if (r) return "taken";
    CHECK(r.error().code == errc::invalid_argument);
    return r.error().detail;
}

}  // namespace

TEST_CASE("server, authority and token of the current context") {
    auto const r = read(config(
        server + "    certificate-authority-data: " + encode_base64(certificate) + "\n", token));
    REQUIRE(r.has_value());
    CHECK(r->server == "https://one.invalid:6443/k8s/c1");
    CHECK(r->ca_pem == certificate);
    CHECK(r->token.reveal() == "abc.def-123");
    CHECK(r->certificate_pem.empty());
}

TEST_CASE("a client certificate with its key") {
    auto const r =
        read(config(server, "    client-certificate-data: " + encode_base64(certificate) +
                                "\n    client-key-data: " + encode_base64(private_key) + "\n"));
    REQUIRE(r.has_value());
    CHECK(r->token.empty());
    CHECK(r->certificate_pem.reveal() == certificate);
    CHECK(r->key_pem.reveal() == private_key);
}

TEST_CASE("another context, and the only one where none is current") {
    CHECK(read(config(server, token), "other")->server == "https://two.invalid");
    auto const r = read(
        "contexts: [{name: 7, context: {cluster: c, user: u}}]\n"
        "clusters: [{name: c, cluster: {server: 'https://c.invalid'}}]\n"
        "users: [{name: u, user: {token: t}}]\n");
    REQUIRE(r.has_value());
    CHECK(r->server == "https://c.invalid");
}

TEST_CASE("what is written is read again, and holds nothing else") {
    auto const first =
        read(config(server + "    tls-server-name: api.invalid\n    certificate-authority-data: " +
                        encode_base64(certificate) + "\n    disable-compression: true\n",
                    token));
    REQUIRE(first.has_value());
    auto const text = write_kubeconfig(*first);
    for (std::string_view const word : {"ignored", "ada", "two", "disable"})
        CHECK_MESSAGE(text.reveal().find(word) == std::string_view::npos, word);
    auto const again = reread_kubeconfig(text);
    REQUIRE(again.has_value());
    CHECK(again->server == first->server);
    CHECK(again->ca_pem == certificate);
    CHECK(again->tls_server_name == "api.invalid");
    CHECK(again->token.reveal() == "abc.def-123");
}

TEST_CASE("JSON is taken as YAML is") {
    CHECK(read(R"({"clusters":[{"name":"c","cluster":{"server":"https://c.invalid"}}],
        "contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],"current-context":"x",
        "users":[{"name":"u","user":{"token":"t"}}]})")
              .has_value());
}

TEST_CASE("what would run, read or ask something is refused, and what to do is said") {
    struct {
        std::string cluster, user, says;
    } const rows[] = {
        {server, "    exec: {command: /bin/touch, args: [/tmp/x]}\n", "would run a program"},
        {server, token + "    exec: {command: aws}\n", "would run a program"},
        {server, "    auth-provider: {name: oidc}\n", "another server"},
        {server, token + "    tokenFile: /etc/passwd\n", "names a file"},
        {server, "    token: " + std::string(20'000, 'a') + "\n", "more than 16 KiB"},
        {server, "    client-certificate: a.pem\n    client-key: b.pem\n", "names a file"},
        {server, "    username: ada\n    password: x\n", "password"},
        {server, token + "    as: system:admin\n", "somebody else"},
        {server, token + "    as-groups: [system:masters]\n", "somebody else"},
        {server + "    certificate-authority: /etc/ssl/ca.pem\n", token, "names a file"},
        {server + "    proxy-url: http://10.0.0.1\n", token, "another server"},
        {server + "    insecure-skip-tls-verify: true\n", token, "anybody could be"},
        {"    server: http://one.invalid\n", token, "https://"},
        {"    server: https://one.invalid/?a=b\n", token, "no address"},
        {"    server: https://me:secret@one.invalid\n", token, "no address"},
        {"    server: [a]\n", token, "no text"},
        {"    other: x\n", token, "no address"},
        {server, "    other: x\n", "no credentials"},
        {server, "    token: 'a b'\n", "no token has"},
        {server, "    client-key-data: " + encode_base64(private_key) + "\n", "without the other"},
        {server + "    certificate-authority-data: '!!'\n", token, "not base64 of a PEM"},
        {server + "    certificate-authority-data: " + encode_base64("no pem") + "\n", token,
         "not base64 of a PEM"},
    };
    for (auto const& row : rows) {
        auto const said = refusal(config(row.cluster, row.user));
        CHECK_MESSAGE(said.find(row.says) != std::string::npos, row.says << ": " << said);
    }
}

TEST_CASE("what is no kubeconfig is refused") {
    for (std::string const text : {"", "a: [", "[]", "text", "a: 1", "current-context: gone",
                                   "contexts: 1\ncurrent-context: x", "contexts: [1]"})
        CHECK_MESSAGE(refusal(text) != "taken", text);
    CHECK(refusal(config(server, token), "nobody's").find("no context") != std::string::npos);
    CHECK(refusal(std::string(300 * 1024, ' ')).find("256 KiB") != std::string::npos);
}

TEST_CASE("false and empty say nothing") {
    CHECK(read(config(server + "    insecure-skip-tls-verify: false\n    proxy-url: ''\n",
                      token + "    exec: null\n    username: ''\n"))
              .has_value());
}

TEST_CASE("no text of a credential is in a refusal") {
    auto const said = refusal(config(server, "    token: 'hunter2 x'\n"));
    CHECK(said.find("hunter2") == std::string::npos);
}

}  // namespace pilothouse::tests::kubeconfig_test
