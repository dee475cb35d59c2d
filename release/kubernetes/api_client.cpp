#include "release/kubernetes/api_client.hpp"

#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace pilothouse::release::kubernetes {

namespace json = boost::json;

namespace {

constexpr std::uint64_t answer_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t refusal_characters_max = 400;
constexpr std::string_view whole_form = "application/json";
constexpr std::string_view metadata_form =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
constexpr std::size_t depth_max = 200;  // schemas of custom resources go deep

client::client_settings settings_for(cluster_access const& access, time_limits limits,
                                     std::shared_ptr<client::off_switch> off) {
    client::client_settings s;
    s.connect = limits.call;
    s.head = limits.call;
    s.stall = limits.call;
    s.total = limits.call;
    s.redirects_max = 0;
    // Who registered the cluster may name any address: it is what an administrator does.
    s.allow_private = true;
    s.ca_pem = access.ca_pem;
    s.tls_name = access.tls_server_name;
    s.certificate_pem = access.certificate_pem;
    s.key_pem = access.key_pem;
    s.off = std::move(off);
    return s;
}

failure in_words(failure const& f) {
    auto const said = shown(f.detail, refusal_characters_max);
    if (f.code == errc::denied)
        return {errc::wrong_state,
                said + " (does the kubeconfig have the certificate authority of this cluster?)"};
    if (f.code == errc::invalid_argument) return {errc::wrong_state, said};
    return {errc::unavailable, "the cluster cannot be reached: " + said};
}

json::value parsed(std::string_view text) {
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code wrong;
    auto value = json::parse(text, wrong, {}, options);
    return wrong ? json::value() : value;
}

std::string without(std::string text, std::optional<client::login> const& who) {
    auto const token = who ? who->password.reveal() : std::string_view();
    if (token.empty()) return text;
    constexpr std::string_view struck = "[redacted]";
    for (auto at = text.find(token); at != text.npos; at = text.find(token, at + struck.size()))
        text.replace(at, token.size(), struck);
    return text;
}

}  // namespace

result<std::unique_ptr<api_client>> api_client::make(executor core, cluster_access const& access,
                                                     time_limits limits,
                                                     std::shared_ptr<client::off_switch> off) {
    std::unique_ptr<api_client> made(new api_client);
    auto client = client::http_client::make(core, settings_for(access, limits, off));
    if (!client)
        return failure(errc::wrong_state, shown(client.error().detail, refusal_characters_max));
    made->client_ = std::move(*client);
    made->server_ = access.server;
    while (made->server_.ends_with('/')) made->server_.pop_back();
    if (!access.token.empty()) made->who_ = client::login{{}, access.token};
    made->off_ = std::move(off);
    made->end_ = std::chrono::steady_clock::now() + limits.all;
    return made;
}

task<result<reply>> api_client::get(std::string path) {
    return call({"GET", std::move(path), {}, std::string(whole_form)});
}

task<result<reply>> api_client::get_metadata(std::string path) {
    return call({"GET", std::move(path), {}, std::string(metadata_form)});
}

task<result<reply>> api_client::post(std::string path, json::value body) {
    return call({"POST", std::move(path), json::serialize(body), std::string(whole_form)});
}

task<result<reply>> api_client::patch(std::string path, json::value body, patch_form form) {
    return call({"PATCH", std::move(path), json::serialize(body), std::string(whole_form),
                 form == patch_form::merge ? "application/merge-patch+json"
                                           : "application/json-patch+json"});
}

task<result<reply>> api_client::call(question q) {
    if (std::chrono::steady_clock::now() >= end_)
        co_return failure(errc::unavailable, "the cluster answers too slowly");
    auto const where = client::url::parse(server_ + q.path);
    if (!where)
        co_return failure(errc::wrong_state, "the cluster's address: " + where.error().detail);
    client::request what{.where = *where, .method = std::move(q.method)};
    what.who = who_;
    what.fields.emplace_back("Accept", std::move(q.accept));
    if (!q.body.empty()) what.fields.emplace_back("Content-Type", q.body_form);
    what.body = std::move(q.body);
    what.answer_bytes_max = answer_bytes_max;
    what.end = end_;
    std::string text;
    client::body_sink sink = [&text](std::string_view bytes) -> result<void> {
        text += bytes;
        return {};
    };
    auto const a = co_await client_->fetch(std::move(what), std::move(sink));
    if (!a && off_ && off_->pressed())
        co_return failure(errc::unavailable, "the server is being stopped");
    if (!a) co_return in_words(a.error());
    // Whoever answers may repeat what it was asked with.
    if (!a->success()) text = without(a->refusal, who_);
    co_return reply{a->status, parsed(text)};
}

failure refusal_of(reply const& r) {
    auto const said = shown(text(r.body, {"message"}), refusal_characters_max);
    if (r.status == 401)
        return {errc::wrong_state,
                "the cluster does not take the credentials: they are wrong, or have ended"};
    if (r.status == 403)
        return {errc::denied, said.empty() ? "the cluster does not allow it" : said};
    if (r.status == 404) return {errc::not_found, said.empty() ? "not found" : said};
    return {errc::unavailable, "the cluster answers " + std::to_string(r.status) +
                                   (said.empty() ? std::string() : ": " + said)};
}

}  // namespace pilothouse::release::kubernetes
