#include "server/http/gate.hpp"

#include "auth/credentials.hpp"
#include "base/ascii.hpp"
#include "server/http/forwarded_address.hpp"
#include "server/http/problem.hpp"
#include "server/http/query.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <utility>

namespace pilothouse::http {

namespace {

// A field that comes twice is refused: a proxy before us may have read the other one.
result<auth::credential_fields> fields_of(request_head const& head) {
    for (auto const name : {"Authorization", "PRIVATE-TOKEN", "Deploy-Token", "JOB-TOKEN"}) {
        if (head.count(name) > 1)
            return failure(errc::unauthenticated,
                           "the header " + std::string(name) + " comes twice: send it once");
    }
    return auth::credential_fields{head.field("Authorization"), head.field("PRIVATE-TOKEN"),
                                   head.field("Deploy-Token"), head.field("JOB-TOKEN")};
}

// What the house failed at, not what a client did.
bool is_our_fault(unsigned status) { return status >= 500 && status != 501 && status != 505; }

// A token in a URL ends up in logs, histories and Referer fields: refused, so that nobody comes to
// rely on it.
result<void> check_query(std::string_view query) {
    constexpr std::array<std::string_view, 5> names = {"private_token", "job_token", "deploy_token",
                                                       "access_token", "token"};
    while (!query.empty()) {
        auto name = take_pair(query).name;
        name.resize(std::min(name.find('['), name.size()));  // of a list
        auto const same = [&](auto word) { return ascii::equal_ignoring_case(word, name); };
        if (std::ranges::none_of(names, same)) continue;
        return failure(errc::invalid_argument,
                       "a token does not belong in the address, where logs keep it (parameter " +
                           name +
                           "): send it as the password of HTTP Basic, or in the header "
                           "PRIVATE-TOKEN, Deploy-Token, "
                           "JOB-TOKEN or Authorization: Bearer");
    }
    return {};
}

result<void> check_address(exchange& x) {
    if (auto ok = check_query(x.head.query); !ok) return ok;
    return x.route->check != nullptr ? x.route->check(x) : result<void>();
}

// A number or a path (contracts: settled 2). Nothing has a number that does not fit.
template <class Id>
std::variant<Id, std::string> reference_of(std::string const& text) {
    if (text.find_first_not_of("0123456789") != std::string::npos) return text;
    return Id{text.size() <= 18 ? std::stoll(text) : 0};
}

}  // namespace

struct gate::entry {
    auth::credentials claimed;  // but for `from`
    auth::permission what;
    std::string place, from;
};

struct gate::route_metrics {
    std::array<metrics::counter*, 6> by_class{};  // status / 100
    traffic kind = traffic::free;
    metrics::histogram* seconds = nullptr;
    metrics::counter* bytes = nullptr;
};

gate::gate(parts p) : parts_(std::move(p)) {
    auto const add = [this](std::string const& method, std::string const& pattern) {
        route_metrics m;
        m.kind = traffic_of(pattern);
        auto& r = parts_.metrics;
        for (std::size_t i = 1; i < m.by_class.size(); ++i) {
            m.by_class[i] = &r.make_counter(
                "pilothouse_http_requests_total", "Requests answered, by route and status class.",
                {{"method", method}, {"route", pattern}, {"status", std::to_string(i) + "xx"}});
        }
        m.seconds = &r.make_histogram("pilothouse_http_request_duration_seconds",
                                      "From the request's first byte to the answer's last.",
                                      {{"method", method}, {"route", pattern}},
                                      {0.001, 0.005, 0.02, 0.1, 0.5, 2, 10});
        m.bytes = &r.make_counter("pilothouse_http_response_bytes_total",
                                  "Bytes of response bodies sent.",
                                  {{"method", method}, {"route", pattern}});
        metrics_.push_back(m);
    };
    for (auto const* r : parts_.routes.routes())
        add(std::string(name_of(r->method)), std::string(r->pattern));
    add("any", "none");
}

gate::~gate() = default;

task<response> gate::handle(exchange& x) {
    if (!parts_.proxies.empty()) [[unlikely]] {
        x.forwarded = forwarded_address(x.head, x.peer, parts_.proxies);
        if (!x.forwarded.empty()) x.peer = x.forwarded;
    }
    auto m = parts_.routes.find(x.head.method, x.head.path);
    x.route_index = m.route != nullptr ? m.index : metrics_.size() - 1;
    if (m.route == nullptr) {
        if (auto refused = count_stranger(x)) co_return std::move(*refused);
        auto answer = m.words->no_route(m.status);
        if (m.status == 405) answer.header("Allow", m.allow);
        co_return answer;
    }
    x.route = m.route;
    x.let_in_by = this;
    x.parameters = std::move(m.parameters);
    std::optional<response> refused;
    auto const admitted = co_await admit(x, m, refused);
    if (refused) co_return std::move(*refused);
    if (!admitted) co_return m.words->refuse(x, admitted.error());
    co_return co_await x.route->handle(x);
}

// Of a request whose sender nobody asked for.
std::optional<response> gate::count_stranger(exchange const& x) {
    if (parts_.limiter == nullptr) return std::nullopt;
    return parts_.limiter->count(metrics_[x.route_index.value_or(metrics_.size() - 1)].kind,
                                 nullptr, x.peer);
}

// The order is GitLab's (contracts: gitlab F14): parameters, then who is asking, then whether he
// may, then size.
task<result<void>> gate::admit(exchange& x, router::match const& m,
                               std::optional<response>& refused) {
    if (auto ok = check_address(x); !ok) {
        refused = count_stranger(x);
        co_return ok.error();
    }
    PILOTHOUSE_CO_TRY(auto const fields, fields_of(x.head));
    PILOTHOUSE_CO_TRY(auto claimed, auth::read_credentials(fields));
    claimed.from = x.peer;
    auto who = co_await parts_.authenticator.authenticate(claimed);
    if (parts_.limiter != nullptr) {
        auto const* const known = who ? who->get() : nullptr;
        refused = parts_.limiter->count(metrics_[m.index].kind, known, x.peer);
        if (refused) co_return result<void>();
    }
    if (!who) co_return std::move(who).error();
    x.who = std::move(*who);
    if (auto const permission = x.route->permission) {
        std::string const place = m.place ? x.parameters[*m.place] : std::string();
        PILOTHOUSE_CO_TRY(x.grant, co_await authorize(x.who, *permission, place));
        x.grant->came_from(x.peer);
    }
    bool const reads = x.route->method == method::get;
    if (x.route->body == body_rule::document)
        x.body.limit(reads ? reading_bytes_max : document_bytes_max);
    if (x.route->body == body_rule::upload) {
        auto const limit = co_await parts_.upload_limit();
        if (limit != 0 && x.head.content_length.value_or(0) > limit)
            co_return failure(errc::too_large, "the request is larger than the server takes: " +
                                                   std::to_string(limit) + " bytes" +
                                                   parts_.upload_limit_origin);
        x.body.limit(limit);
    }
    co_return result<void>();
}

doorkeeper::question gate::ask_again(exchange const& x) {
    if (!x.route->permission) return nullptr;
    // What could be read once, can be again.
    auto claimed = auth::read_credentials(fields_of(x.head).value()).value();
    auto const m = parts_.routes.find(x.head.method, x.head.path);
    auto const with = std::make_shared<entry const>(
        entry{std::move(claimed), *x.route->permission,
              m.place ? x.parameters[*m.place] : std::string(), std::string(x.peer)});
    return [this, with] { return let_in_again(with); };
}

task<result<auth::grant>> gate::let_in_again(std::shared_ptr<entry const> with) {
    auto claimed = with->claimed;
    claimed.from = with->from;
    PILOTHOUSE_CO_TRY(auto who, co_await parts_.authenticator.authenticate(claimed));
    PILOTHOUSE_CO_TRY(auto let, co_await authorize(std::move(who), with->what, with->place));
    let.came_from(with->from);
    co_return let;
}

task<result<auth::grant>> gate::authorize(std::shared_ptr<auth::principal const> who,
                                          auth::permission what, std::string place) {
    switch (auth::place_of(what)) {
        case auth::place_kind::project:
            co_return co_await parts_.policy.authorize(std::move(who), what,
                                                       reference_of<storage::project_id>(place));
        case auth::place_kind::group:
            co_return co_await parts_.policy.authorize_in_group(
                std::move(who), what, reference_of<storage::group_id>(place));
        case auth::place_kind::cluster:
            co_return co_await parts_.policy.authorize_on_cluster(std::move(who), what,
                                                                  std::move(place));
        case auth::place_kind::server: break;
    }
    co_return parts_.policy.authorize_on_server(std::move(who), what);
}

response gate::word(unsigned status, std::string_view code, std::string_view detail) {
    return problem(status, code, detail);
}

void gate::finished(exchange const& x, outcome const& o) noexcept try {
    auto const& m = metrics_[x.route_index.value_or(metrics_.size() - 1)];
    auto const status_class = o.status / 100;
    if (status_class >= 1 && status_class < m.by_class.size()) m.by_class[status_class]->add();
    m.seconds->observe(static_cast<double>(o.nanoseconds) / 1e9);
    m.bytes->add(static_cast<double>(o.bytes));

    auto const level = is_our_fault(o.status) ? log_level::error : log_level::info;
    if (!parts_.log.enabled(level)) return;
    std::vector<log_field> fields;
    fields.reserve(16);
    fields.push_back({"request_id", x.request_id});
    fields.push_back({"peer", x.peer});
    fields.push_back({"method", x.head.method_text});
    fields.push_back({"path", x.head.path});
    if (x.route != nullptr) fields.push_back({"route", x.route->pattern});
    fields.push_back({"status", std::int64_t{o.status}});
    fields.push_back({"bytes", static_cast<std::int64_t>(o.bytes)});
    fields.push_back({"duration_ms", static_cast<double>(o.nanoseconds) / 1e6});
    if (x.who && x.who->what != auth::principal::kind::anonymous) {
        fields.push_back({"principal", std::string_view(x.who->name)});
        fields.push_back({"token_id", x.who->token.value});
    }
    for (auto const& [name, value] : x.notes) fields.push_back({name, std::string_view(value)});
    if (!o.complete) fields.push_back({"complete", false});
    if (!o.failure.empty()) fields.push_back({"failure", o.failure});
    parts_.log.write(level, "request", fields.data(), fields.size());
} catch (...) {
    // A line that cannot be written must not break the connection that it tells of.
}

}  // namespace pilothouse::http
