#include "auth/token_issuer.hpp"

#include "auth/scopes.hpp"
#include "auth/token_text.hpp"
#include "base/plain_text.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace pilothouse::auth {

namespace {

using namespace std::chrono_literals;
using storage::token_kind;
using storage::token_record;

constexpr std::size_t name_bytes_max = 255;

std::chrono::seconds default_life(token_kind kind) noexcept {
    return kind == token_kind::job ? std::chrono::hours(1) : std::chrono::days(90);
}

std::string default_name(token_kind kind) {
    switch (kind) {
        case token_kind::personal: return "personal access token";
        case token_kind::deploy: return "deploy token";
        case token_kind::job: return "job token";
    }
    return {};
}

// Names go to terminals and pages of people.
bool presentable(std::string_view name) {
    return name.size() <= name_bytes_max &&
           check_text("", name, name_bytes_max, text_shape::one_line);
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

audited thing(token_record const& t) {
    return {t.kind == token_kind::deploy ? "DeployToken" : "PersonalAccessToken", t.id.value,
            t.name};
}

void expect_looking(grant const& g) {
    g.expect({permission::administer, permission::be_somebody, permission::be_oneself,
              permission::hold_token, permission::rotate_token, permission::edit_project,
              permission::own_project, permission::manage_group, permission::own_group});
}

// `of_itself`: what a token may do with itself.
void expect_changing(grant const& g, std::optional<permission> of_itself = {}) {
    if (of_itself == g.what()) return;
    g.expect({permission::administer, permission::be_oneself, permission::edit_project,
              permission::own_project, permission::own_group});
}

failure invalid(std::string detail) { return {errc::invalid_argument, std::move(detail)}; }

}  // namespace

task<result<issued_token>> token_issuer::issue(grant const& g, token_request request) {
    expect_changing(g);
    if (request.name.empty()) request.name = default_name(request.kind);
    if (!presentable(request.name))
        co_return invalid("the token's name has a control character or more than 255 bytes");
    if (!presentable(request.description))
        co_return invalid("the token's description has a control character or more than 255 bytes");
    if (request.kind == token_kind::deploy && request.username.empty())
        request.username = "deploy-token";
    // RFC 7617, 2: a user name with a colon cannot be sent.
    if (!presentable(request.username) || request.username.find(':') != std::string::npos)
        co_return invalid(
            "the token's user name has a colon, a control character or more than 255 bytes");
    PILOTHOUSE_CO_TRY(auto scopes, check_scopes(request.kind, request.scopes));
    instant const now = time_.now();
    auto expires = request.expires;
    if (!expires && !request.endless) expires = now + default_life(request.kind);
    if (expires && *expires <= now)
        co_return invalid("the token would have ended already; choose a later end");

    secret text = generate_token(request.kind);
    token_record record;
    record.kind = request.kind;
    record.hash = token_hash(text.reveal());
    record.name = std::move(request.name);
    record.username = std::move(request.username);
    record.user = request.user;
    record.project = request.project;
    record.group = request.group;
    record.description = std::move(request.description);
    record.scopes = std::move(scopes);
    record.created = now;
    record.expires = expires;
    PILOTHOUSE_CO_TRY(auto stored, co_await tokens_.add(std::move(record)));
    co_await audit_.note(g, std::string(name_of(stored.kind)) + "_token_created", thing(stored),
                         "scopes: " + joined(stored.scopes));
    co_return issued_token{std::move(stored), std::move(text)};
}

task<result<issued_token>> token_issuer::rotate(grant const& g, token_record old,
                                                std::optional<instant> expires) {
    expect_changing(g, permission::rotate_token);
    instant const now = time_.now();
    secret text = generate_token(old.kind);
    token_record record = old;
    record.id = {};
    record.hash = token_hash(text.reveal());
    record.created = now;
    record.expires = expires.value_or(now + std::chrono::days(7));
    record.last_used.reset();
    record.revoked = false;
    if (*record.expires <= now)
        co_return invalid("the token would have ended already; choose a later end");
    PILOTHOUSE_CO_TRY(auto stored, co_await tokens_.replace(old.id, std::move(record)));
    co_await audit_.note(g, std::string(name_of(stored.kind)) + "_token_rotated", thing(stored),
                         "instead of number " + std::to_string(old.id.value));
    co_return issued_token{std::move(stored), std::move(text)};
}

task<std::vector<token_record>> token_issuer::list(grant const& g, storage::token_filter filter) {
    expect_looking(g);
    co_return co_await tokens_.list(filter);
}

task<result<token_record>> token_issuer::find(grant const& g, storage::token_id id) {
    expect_looking(g);
    co_return co_await tokens_.find(id);
}

task<result<token_record>> token_issuer::revoke(grant const& g, token_kind kind,
                                                storage::token_id id, storage::project_id project) {
    expect_changing(g, permission::hold_token);
    auto const found = co_await tokens_.find(id);
    bool const meant = found && found->kind == kind &&
                       (project == storage::project_id{} || found->project == project);
    if (!found && found.error().code != errc::not_found) co_return found.error();
    if (!meant) co_return failure(errc::not_found, "there is no such token");
    PILOTHOUSE_CO_TRY(auto gone, co_await tokens_.revoke(id));
    if (found->revoked) co_return gone;  // long since noted
    co_await audit_.note(g, std::string(name_of(kind)) + "_token_revoked", thing(gone));
    co_return gone;
}

}  // namespace pilothouse::auth
