#include "server/qovery/request.hpp"

#include "base/uuid.hpp"
#include "server/http/query.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>

namespace pilothouse::qovery {

namespace {

constexpr std::size_t page_size_usual = 20;
constexpr std::size_t page_size_max = 100;

result<void> check_uuids(http::exchange const& x, errc otherwise) {
    for (auto const& one : x.parameters)
        if (!parse_uuid(one)) return failure(otherwise, "the address names no UUID");
    return {};
}

bool is_blank(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

result<void> uuids_or_invalid(http::exchange const& x) {
    return check_uuids(x, errc::invalid_argument);
}

result<void> uuids_or_not_found(http::exchange const& x) { return check_uuids(x, errc::not_found); }

std::string request::uuid(std::size_t index) const {
    return parse_uuid(path(index)).value_or(std::string());
}

std::optional<std::string> request::asked(std::string_view name) const {
    for (auto left = x.head.query; !left.empty();) {
        auto pair = http::take_pair(left);
        if (pair.name == name) return std::move(pair.value);
    }
    return std::nullopt;
}

result<bool> request::flag(std::string_view name) const {
    auto const text = asked(name).value_or("false");
    if (text == "true") return true;
    if (text == "false" || text.empty()) return false;
    return failure(errc::invalid_argument, std::string(name) + ": is true or false");
}

result<std::size_t> request::page_size() const {
    auto const text = asked("pageSize").value_or("");
    if (text.empty()) return page_size_usual;
    std::size_t size = 0;
    auto const* const last = text.data() + text.size();
    auto const [end, bad] = std::from_chars(text.data(), last, size);
    if (bad != std::errc() || end != last || size < 1)
        return failure(errc::invalid_argument, "pageSize: is a number from 1");
    return std::min(size, page_size_max);
}

result<bool> request::asks_difference() const {
    auto const event = asked("forceEvent");
    if (!event || event->empty()) return false;
    if (*event == "DIFF") return true;
    return failure(errc::invalid_argument, "forceEvent: DIFF is the only event that is known");
}

task<result<secret>> read_text(http::exchange& x) {
    std::string all;
    while (true) {
        PILOTHOUSE_CO_TRY(auto const bytes, co_await x.body.read());
        if (bytes.empty()) break;
        all += bytes;
    }
    co_return secret(std::move(all));
}

task<result<json::object>> read_object(http::exchange& x) {
    PILOTHOUSE_CO_TRY(auto const text, co_await read_text(x));
    if (is_blank(text.reveal())) co_return json::object();
    boost::system::error_code bad;
    auto read = json::parse(text.reveal(), bad);
    if (bad) co_return failure(errc::invalid_argument, "the body is no JSON");
    if (read.is_null()) co_return json::object();
    if (!read.is_object()) co_return failure(errc::invalid_argument, "the body is no JSON object");
    co_return std::move(read.get_object());
}

result<std::string> text_of(json::object const& o, std::string_view name) {
    auto const* const v = o.if_contains(name);
    if (v == nullptr || v->is_null()) return std::string();
    if (!v->is_string()) return failure(errc::invalid_argument, std::string(name) + ": is no text");
    return std::string(v->get_string());
}

result<std::string> version_in(json::object const& o) {
    PILOTHOUSE_TRY(auto version, text_of(o, "chart_version"));
    PILOTHOUSE_TRY(auto const commit, text_of(o, "git_commit_id"));
    PILOTHOUSE_TRY(auto const values_commit, text_of(o, "values_override_git_commit_id"));
    if (!commit.empty() && !version.empty())
        return failure(errc::invalid_argument,
                       "chart_version and git_commit_id exclude each other");
    if (!commit.empty())
        return failure(errc::invalid_argument,
                       "git_commit_id: the service's chart comes of a channel, not of Git: name a "
                       "chart_version");
    if (!values_commit.empty())
        return failure(errc::invalid_argument,
                       "values_override_git_commit_id: the service's values come of no Git "
                       "repository");
    return version;
}

void came_from(deploy::environment_access& a, std::string_view peer) {
    a.in_project.came_from(peer);
    if (a.on_cluster) a.on_cluster->came_from(peer);
}

task<result<deploy::environment_access>> handlers::environment(request const& r,
                                                               deploy::environment_right what) {
    auto opened = co_await uses_.access.to_environment(r.x.who, what, r.path(0));
    if (opened) came_from(*opened, r.x.peer);
    co_return opened;
}

task<result<deploy::service_access>> handlers::service(request const& r,
                                                       deploy::environment_right what) {
    auto opened = co_await uses_.access.to_service(r.x.who, what, r.path(0));
    if (opened) came_from(*opened, r.x.peer);
    co_return opened;
}

// X-Forwarded-Proto is trusted for the scheme alone.
std::string site_of(http::exchange const& x, std::string_view base_path) {
    bool const secure = x.tls || x.head.field("X-Forwarded-Proto") == "https";
    return (secure ? "https://" : "http://") + std::string(x.head.field("Host")) +
           std::string(base_path);
}

}  // namespace pilothouse::qovery
