#include "server/grpc/helm_release_service.hpp"

#include "server/grpc/page_token.hpp"
#include "server/grpc/words.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace pilothouse::rpc {

namespace {

using auth::permission;

constexpr std::int64_t page_default = 100;
constexpr std::int64_t page_max = 1000;

struct page {
    std::size_t size = 0;
    storage::release_place after;
};

answer<page> read_page(marketplace::ListHelmReleasesRequest const& asked) {
    if (auto const ok = require("cluster_id", asked.cluster_id()); !ok) return ok.error();
    if (asked.page_size() < 0 || asked.page_size() > page_max)
        return wrong("page_size", "a page has 0 to 1000 releases; 0 stands for 100");
    page p;
    p.size = static_cast<std::size_t>(asked.page_size() == 0 ? page_default : asked.page_size());
    if (asked.page_token().empty()) return p;
    auto const place = read_page_token(asked.cluster_id(), asked.page_token());
    if (!place) return wrong("page_token", "this is no next_page_token of this list");
    p.after = *place;
    return p;
}

// What a client may send twice, under a key of its own.
std::optional<release::request_key> key_of(call const& c, method const& m) {
    if (c.once.empty()) return std::nullopt;
    return release::request_key{std::string(m.name), c.once};
}

// These calls say nothing of how: the timeout is the server's.
storage::operation_options as_server_has_it() {
    storage::operation_options how;
    how.timeout = std::chrono::seconds(0);
    return how;
}

answer<release::install_request> read_install(call const& c,
                                              marketplace::InstallHelmReleaseRequest& asked) {
    if (auto const ok = require("cluster_id", asked.cluster_id()); !ok) return ok.error();
    if (auto const ok = require("product_version_id", asked.product_version_id()); !ok)
        return ok.error();
    release::install_request wanted;
    PILOTHOUSE_TRY(wanted.values.pairs, take_values(*asked.mutable_user_values()));
    wanted.version = asked.product_version_id();
    wanted.options = as_server_has_it();
    wanted.once = key_of(c, methods::install);
    return wanted;
}

answer<release::update_request> read_update(call const& c,
                                            marketplace::UpdateHelmReleaseRequest& asked) {
    if (auto const ok = require("id", asked.id()); !ok) return ok.error();
    release::update_request wanted;
    PILOTHOUSE_TRY(wanted.values.pairs, take_values(*asked.mutable_user_values()));
    wanted.release = asked.id();
    wanted.version = asked.product_version_id();
    wanted.options = as_server_has_it();
    wanted.once = key_of(c, methods::update);
    return wanted;
}

answer<release::release_request> read_uninstall(
    call const& c, marketplace::UninstallHelmReleaseRequest const& asked) {
    if (auto const ok = require("id", asked.id()); !ok) return ok.error();
    release::release_request wanted;
    wanted.release = asked.id();
    wanted.options = as_server_has_it();
    wanted.once = key_of(c, methods::uninstall);
    return wanted;
}

}  // namespace

// One more than fits the page is asked for, so that a token never leads to an empty page.
task<answer<marketplace::ListHelmReleasesResponse>> helm_release_service::list(
    call const& c, marketplace::ListHelmReleasesRequest asked) {
    PILOTHOUSE_CO_TRY(auto const wanted, read_page(asked));
    PILOTHOUSE_CO_TRY(auto const grant,
                      co_await to_cluster(uses_, c, permission::see_cluster, asked.cluster_id()));
    storage::release_filter const all;
    auto const found = co_await uses_.read.list(grant, all, wanted.after, wanted.size + 1);

    marketplace::ListHelmReleasesResponse page;
    for (std::size_t i = 0; i < found.size() && i < wanted.size; ++i)
        *page.add_helm_releases() = shown(found[i]);
    if (found.size() > wanted.size) {
        auto const& last = found[wanted.size - 1];
        page.set_next_page_token(write_page_token(asked.cluster_id(), {last.created, last.id}));
    }
    co_return page;
}

task<answer<marketplace::HelmRelease>> helm_release_service::get(
    call const& c, marketplace::GetHelmReleaseRequest asked) {
    if (auto const ok = require("id", asked.id()); !ok) co_return ok.error();
    PILOTHOUSE_CO_TRY(auto const grant,
                      co_await to_release(uses_, c, permission::see_cluster, asked.id()));
    PILOTHOUSE_CO_TRY(auto const found, co_await uses_.read.find(grant, asked.id()));
    co_return shown(found);
}

task<answer<Operation>> helm_release_service::install(
    call const& c, marketplace::InstallHelmReleaseRequest asked) {
    PILOTHOUSE_CO_TRY(auto wanted, read_install(c, asked));
    PILOTHOUSE_CO_TRY(auto const grant,
                      co_await to_cluster(uses_, c, permission::use_cluster, asked.cluster_id()));
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.change.install(grant, std::move(wanted)));
    co_return begun(made.operation);
}

task<answer<Operation>> helm_release_service::update(call const& c,
                                                     marketplace::UpdateHelmReleaseRequest asked) {
    PILOTHOUSE_CO_TRY(auto wanted, read_update(c, asked));
    PILOTHOUSE_CO_TRY(auto const grant,
                      co_await to_release(uses_, c, permission::use_cluster, asked.id()));
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.change.update(grant, std::move(wanted)));
    co_return begun(made.operation);
}

task<answer<Operation>> helm_release_service::uninstall(
    call const& c, marketplace::UninstallHelmReleaseRequest asked) {
    PILOTHOUSE_CO_TRY(auto wanted, read_uninstall(c, asked));
    PILOTHOUSE_CO_TRY(auto const grant,
                      co_await to_release(uses_, c, permission::use_cluster, asked.id()));
    PILOTHOUSE_CO_TRY(auto const made, co_await uses_.change.uninstall(grant, std::move(wanted)));
    co_return begun(made.operation);
}

}  // namespace pilothouse::rpc
