#include "release/kubernetes/inspection.hpp"

#include "base/percent_encoding.hpp"
#include "release/kubernetes/json_fields.hpp"
#include "release/kubernetes/rights.hpp"
#include "release/kubernetes/shown_text.hpp"

#include <utility>
#include <vector>

namespace pilothouse::release::kubernetes {

namespace {

constexpr std::size_t name_characters_max = 200;

// Of a reply that was or was not to be had: what it says, or why there is none.
result<reply> good(result<reply> r) {
    if (r && !r->success()) return refusal_of(*r);
    return r;
}

// What cannot be asked is unknown, not missing.
task<result<void>> find_missing(api_client& api, std::string name_space,
                                std::vector<missing_right>& missing) {
    auto const path = "/api/v1/namespaces/" + percent_encode(name_space);
    PILOTHOUSE_CO_TRY(auto const there, co_await api.get(path));
    auto const asked = rules_review(name_space);
    PILOTHOUSE_CO_TRY(auto const rules, co_await api.post(rules_review_path, asked));
    for (auto const& right : needed_rights(name_space, there.success())) {
        if (grants(rules.body, right)) continue;
        auto const question = access_review(right);
        auto const answered = good(co_await api.post(access_review_path, question));
        if (!answered) co_return answered.error();
        auto const* const allowed = find(answered->body, {"status", "allowed"});
        if (allowed == nullptr || *allowed != boost::json::value(true)) missing.push_back(right);
    }
    co_return result<void>();
}

result<std::string> version_in(result<reply> const& answer) {
    PILOTHOUSE_TRY(auto const said, good(answer));
    auto version = shown(text(said.body, {"gitVersion"}), name_characters_max);
    if (version.empty())
        return failure(errc::unavailable, "what answers there is no Kubernetes API server");
    return version;
}

}  // namespace

task<result<std::string>> ask_version(api_client& api) {
    auto const answer = co_await api.get("/version");
    co_return version_in(answer);
}

task<inspection> inspect_cluster(api_client& api, std::string name_space) {
    inspection found;
    auto const answer = co_await api.get("/version");
    found.reachable = answer.has_value();
    auto version = version_in(answer);
    if (!version) {
        found.failure = version.error().detail;
        co_return found;
    }
    found.version = *std::move(version);
    auto const question = user_review();
    auto const user = co_await api.post(user_review_path, question);
    // Servers before 1.28 do not know this review: then the user is not known, and nothing else.
    if (user && user->success())
        found.user =
            shown(text(user->body, {"status", "userInfo", "username"}), name_characters_max);
    auto const known = co_await find_missing(api, std::move(name_space), found.missing);
    if (!known) found.failure = known.error().detail;
    co_return found;
}

}  // namespace pilothouse::release::kubernetes
