#include "release/kubeconfig.hpp"

#include "base/base64.hpp"
#include "base/plain_text.hpp"
#include "chart/yaml_tree.hpp"
#include "client/url.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <optional>
#include <utility>

namespace pilothouse::release {

namespace {

namespace json = boost::json;
using chart::scalar_kind;
using chart::yaml_node;

constexpr std::size_t kubeconfig_bytes_max = 256 * 1024;
constexpr std::string_view ours = "pilothouse";  // the one name in what is written

failure refused(std::string sentence) {
    return {errc::invalid_argument, "the kubeconfig " + std::move(sentence)};
}

// A key that is not taken, and what to do instead (contracts: helm-engine 6).
struct refusal {
    std::string_view key, instead;
};

constexpr std::array refused_of_users{
    refusal{"exec",
            "would run a program here: give it a token instead "
            "(kubectl create token SERVICE-ACCOUNT)"},
    refusal{"auth-provider", "would ask another server for credentials: give it a token instead"},
    refusal{"tokenFile", "names a file: put the token itself into `token`"},
    refusal{"client-certificate",
            "names a file: put it into `client-certificate-data` "
            "(kubectl config view --raw --flatten)"},
    refusal{"client-key",
            "names a file: put it into `client-key-data` "
            "(kubectl config view --raw --flatten)"},
    refusal{"username", "is a password's, which Kubernetes no longer takes: give it a token"},
    refusal{"password", "is of a kind that Kubernetes no longer takes: give it a token"},
    refusal{"as", "acts as somebody else: give it that account's own token"},
    refusal{"as-uid", "acts as somebody else: give it that account's own token"},
    refusal{"as-groups", "acts as somebody else: give it that account's own token"},
    refusal{"as-user-extra", "acts as somebody else: give it that account's own token"},
};

constexpr std::array refused_of_clusters{
    refusal{"certificate-authority",
            "names a file: put it into `certificate-authority-data` "
            "(kubectl config view --raw --flatten)"},
    refusal{"proxy-url", "leads through another server: name the API server's own address"},
};

bool says_no(yaml_node const& n) {
    if (n.null()) return true;
    if (n.form == yaml_node::shape::scalar)
        return n.text.empty() || (n.kind == scalar_kind::boolean && n.text == "false");
    return n.items.empty() && n.fields.empty();
}

template <std::size_t Count>
result<void> check_keys(yaml_node const& map, std::string_view of,
                        std::array<refusal, Count> const& table) {
    for (auto const& [key, instead] : table) {
        auto const found = map.fields.find(key);
        if (found == map.fields.end() || says_no(*found->second)) continue;
        return refused("has `" + std::string(key) + "` in its " + std::string(of) + ", which " +
                       std::string(instead));
    }
    return {};
}

yaml_node const* field(yaml_node const& map, std::string_view key) {
    auto const found = map.fields.find(key);
    return found == map.fields.end() || found->second->null() ? nullptr : found->second;
}

// Empty where it is not there. Numbers are texts here, as a name may be one.
result<std::string> text(yaml_node const& map, std::string_view key) {
    auto const* const value = field(map, key);
    if (value == nullptr) return std::string();
    if (value->form != yaml_node::shape::scalar)
        return refused("has a `" + std::string(key) + "` that is no text");
    return value->text;
}

result<std::string> decoded(yaml_node const& map, std::string_view key, std::string_view begins) {
    PILOTHOUSE_TRY(auto const encoded, text(map, key));
    if (encoded.empty()) return std::string();
    auto bytes = decode_base64(encoded);
    if (!bytes || bytes->find(begins) == std::string::npos || bytes->find('\0') != bytes->npos)
        return refused("has a `" + std::string(key) + "` that is not base64 of a PEM text");
    return std::move(*bytes);
}

// The entry of that name in `clusters`, `users` or `contexts`, whose content is under `kind`.
result<yaml_node const*> entry(yaml_node const& root, std::string const& list,
                               std::string_view name, std::string_view kind) {
    auto const* const all = field(root, list);
    if (all != nullptr && all->form == yaml_node::shape::list) {
        for (auto const* const one : all->items) {
            auto const called = text(*one, "name");
            if (!called || *called != name) continue;
            auto const* const content = field(*one, kind);
            if (content != nullptr && content->form == yaml_node::shape::map) return content;
        }
    }
    return refused("has no " + std::string(kind) + " of the name that is asked for in `" + list +
                   "`");
}

result<std::string> context_name(yaml_node const& root, std::string_view asked) {
    if (!asked.empty()) return std::string(asked);
    PILOTHOUSE_TRY(auto current, text(root, "current-context"));
    if (!current.empty()) return current;
    auto const* const all = field(root, "contexts");
    if (all != nullptr && all->items.size() == 1) return text(*all->items.front(), "name");
    return refused("has no current-context: say which context is meant");
}

result<void> take_cluster(yaml_node const& from, cluster_access& to, kubeconfig_rules rules) {
    if (auto const ok = check_keys(from, "cluster", refused_of_clusters); !ok) return ok.error();
    auto const* const unchecked = field(from, "insecure-skip-tls-verify");
    if (unchecked != nullptr && !says_no(*unchecked))
        return refused(
            "has `insecure-skip-tls-verify`, with which anybody could be the API "
            "server: put its authority into `certificate-authority-data`");
    PILOTHOUSE_TRY(auto const server, text(from, "server"));
    auto const parsed = client::url::parse(server);
    if (!parsed || !parsed->query().empty())
        return refused("has a `server` that is no address of an API server");
    if (!parsed->tls() && !rules.plain_http)
        return refused("has a `server` that does not begin with https://");
    to.server = parsed->path() == "/" ? parsed->origin() : parsed->text();
    PILOTHOUSE_TRY(to.tls_server_name, text(from, "tls-server-name"));
    if (auto const ok =
            check_text("tls-server-name", to.tls_server_name, 253, text_shape::one_line);
        !ok)
        return ok.error();
    PILOTHOUSE_TRY(to.ca_pem,
                   decoded(from, "certificate-authority-data", "-----BEGIN CERTIFICATE-----"));
    return {};
}

// More than this no API server takes in a header.
constexpr std::size_t token_bytes_max = 16 * 1024;

bool is_token(std::string_view text) {
    if (text.size() > token_bytes_max) return false;
    for (char const c : text)
        if (c <= ' ' || c > '~') return false;
    return !text.empty();
}

result<void> take_user(yaml_node const& from, cluster_access& to) {
    if (auto const ok = check_keys(from, "user", refused_of_users); !ok) return ok.error();
    PILOTHOUSE_TRY(auto token, text(from, "token"));
    PILOTHOUSE_TRY(auto certificate,
                   decoded(from, "client-certificate-data", "-----BEGIN CERTIFICATE-----"));
    PILOTHOUSE_TRY(auto key, decoded(from, "client-key-data", "PRIVATE KEY-----"));
    if (certificate.empty() != key.empty())
        return refused(
            "has one of `client-certificate-data` and `client-key-data` without the "
            "other");
    if (token.empty() && certificate.empty())
        return refused(
            "has no credentials: it needs a `token`, or `client-certificate-data` and "
            "`client-key-data`");
    if (!token.empty() && !is_token(token))
        return refused("has a `token` of more than 16 KiB, or with characters that no token has");
    to.token = secret(std::move(token));
    if (!to.token.empty()) return {};  // as Kubernetes' own clients prefer it
    to.certificate_pem = secret(std::move(certificate));
    to.key_pem = secret(std::move(key));
    return {};
}

}  // namespace

result<cluster_access> read_kubeconfig(secret const& whole, std::string_view context,
                                       kubeconfig_rules rules) {
    if (whole.reveal().size() > kubeconfig_bytes_max)
        return refused(
            "has more than 256 KiB: send one with a single context "
            "(kubectl config view --raw --flatten --minify)");
    auto const tree = chart::yaml_tree::parse(whole.reveal(), {kubeconfig_bytes_max, 20, 20'000});
    if (!tree) return refused("is not YAML: " + tree.error().detail);
    auto const& root = tree->root();
    if (root.form != yaml_node::shape::map) return refused("is no map");
    PILOTHOUSE_TRY(auto const wanted, context_name(root, context));
    PILOTHOUSE_TRY(auto const* const chosen, entry(root, "contexts", wanted, "context"));
    PILOTHOUSE_TRY(auto const cluster_name, text(*chosen, "cluster"));
    PILOTHOUSE_TRY(auto const user_name, text(*chosen, "user"));
    PILOTHOUSE_TRY(auto const* const cluster, entry(root, "clusters", cluster_name, "cluster"));
    PILOTHOUSE_TRY(auto const* const user, entry(root, "users", user_name, "user"));
    cluster_access access;
    if (auto const ok = take_cluster(*cluster, access, rules); !ok) return ok.error();
    if (auto const ok = take_user(*user, access); !ok) return ok.error();
    return access;
}

secret write_kubeconfig(cluster_access const& access) {
    json::object cluster{{"server", access.server}};
    if (!access.ca_pem.empty())
        cluster["certificate-authority-data"] = encode_base64(access.ca_pem);
    if (!access.tls_server_name.empty()) cluster["tls-server-name"] = access.tls_server_name;
    json::object user;
    if (!access.token.empty()) user["token"] = access.token.reveal();
    if (!access.certificate_pem.empty()) {
        user["client-certificate-data"] = encode_base64(access.certificate_pem.reveal());
        user["client-key-data"] = encode_base64(access.key_pem.reveal());
    }
    json::array clusters, users, contexts;
    clusters.emplace_back(json::object{{"name", ours}, {"cluster", std::move(cluster)}});
    users.emplace_back(json::object{{"name", ours}, {"user", std::move(user)}});
    json::object both{{"cluster", ours}, {"user", ours}};
    contexts.emplace_back(json::object{{"name", ours}, {"context", std::move(both)}});
    return secret(json::serialize(json::object{{"apiVersion", "v1"},
                                               {"kind", "Config"},
                                               {"clusters", std::move(clusters)},
                                               {"users", std::move(users)},
                                               {"contexts", std::move(contexts)},
                                               {"current-context", ours}}));
}

result<cluster_access> reread_kubeconfig(secret const& whole) {
    return read_kubeconfig(whole, ours, {true});
}

}  // namespace pilothouse::release
