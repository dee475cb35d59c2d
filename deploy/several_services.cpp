#include "deploy/several_services.hpp"

#include "base/uuid.hpp"
#include "deploy/begin_deployment.hpp"
#include "deploy/lined_up.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pilothouse::deploy {

namespace {

struct chosen_service {
    service_access access;
    service_view view;
    std::string version;
};
using chosen_services = std::vector<chosen_service>;

chosen_service chosen(environment_access const& a, service_view view, std::string version) {
    service_access access{{a}, view.service};
    return {std::move(access), std::move(view), std::move(version)};
}

result<service_view> find_in(std::vector<service_view> const& all, std::string_view text) {
    auto const uuid = parse_uuid(text);
    if (!uuid) return failure(errc::invalid_argument, "a service is named by no UUID");
    auto const found = std::ranges::find_if(
        all, [&uuid](service_view const& v) { return v.service.uuid == *uuid; });
    if (found == all.end())
        return failure(errc::not_found, "the environment has no service with one of these UUIDs");
    return *found;
}

task<result<chosen_services>> choose(deploy_parts const& parts, environment_access const& a,
                                     std::optional<asked_services> asked) {
    PILOTHOUSE_CO_TRY(auto const all, co_await look_at_all(parts, a.environment.id));
    chosen_services some;
    if (!asked) {
        for (auto const& view : all) some.push_back(chosen(a, view, {}));
        co_return some;
    }
    for (auto& one : *asked) {
        PILOTHOUSE_CO_TRY(auto view, find_in(all, one.uuid));
        bool const twice = std::ranges::any_of(
            some, [&view](auto const& s) { return s.view.service.id == view.service.id; });
        if (twice)
            co_return failure(errc::invalid_argument,
                              "the service " + view.service.name + " is named twice");
        some.push_back(chosen(a, std::move(view), std::move(one.version)));
    }
    co_return some;
}

failure under_way(service_view const& view) {
    return {errc::busy, "a deployment of " + view.service.name + " is under way"};
}

result<void> check_idle(chosen_services const& some) {
    for (auto const& one : some)
        if (is_under_way(one.view.status.state)) return under_way(one.view);
    return {};
}

task<result<void>> check_deploys(deploy_parts const& parts, chosen_services const& some) {
    for (auto const& one : some) {
        bool const lines_up = is_under_way(one.view.status.state);
        if (lines_up && !check_room(parts, one.view)) co_return under_way(one.view);
        auto const good = co_await check_deploy(parts, one.access, one.view, one.version);
        if (!good) co_return good.error();
    }
    co_return result<void>();
}

void tell(told_services& all, chosen_service const& one, result<service_view> after) {
    if (after)
        all.push_back({*std::move(after), std::nullopt});
    else
        all.push_back({one.view, after.error()});
}

// Unless nothing began.
result<told_services> answer(told_services all) {
    bool const none = std::ranges::all_of(all, [](auto const& t) { return t.refused.has_value(); });
    if (none && !all.empty()) return *all.front().refused;
    return all;
}

}  // namespace

task<result<told_services>> several_services::deploy(environment_access const& a,
                                                     std::optional<asked_services> asked) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const some, co_await choose(parts_, a, std::move(asked)));
    auto const good = co_await check_deploys(parts_, some);
    if (!good) co_return good.error();
    told_services all;
    for (auto const& one : some) {
        auto after = co_await one_.deploy(one.access, one.version);
        tell(all, one, std::move(after));
    }
    co_return answer(std::move(all));
}

task<result<told_services>> several_services::stop(environment_access const& a,
                                                   std::optional<asked_services> asked) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const some, co_await choose(parts_, a, std::move(asked)));
    if (auto const idle = check_idle(some); !idle) co_return idle.error();
    told_services all;
    for (auto const& one : some) {
        if (!one.view.release || one.view.status.state == service_state::stopped) continue;
        auto after = co_await one_.stop(one.access);
        tell(all, one, std::move(after));
    }
    co_return answer(std::move(all));
}

task<result<told_services>> several_services::uninstall(environment_access const& a,
                                                        std::optional<asked_services> asked) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const some, co_await choose(parts_, a, std::move(asked)));
    if (auto const idle = check_idle(some); !idle) co_return idle.error();
    told_services all;
    for (auto const& one : some) {
        if (!one.view.release) continue;
        auto after = co_await one_.uninstall(one.access);
        if (!after)
            all.push_back({one.view, after.error()});
        else if (*after)  // else somebody else was quicker
            all.push_back({**std::move(after), std::nullopt});
    }
    co_return answer(std::move(all));
}

task<result<told_services>> several_services::cancel(environment_access const& a) {
    a.expect(environment_right::deploy);
    PILOTHOUSE_CO_TRY(auto const some, co_await choose(parts_, a, std::nullopt));
    told_services all;
    for (auto const& one : some) {
        if (!is_under_way(one.view.status.state)) continue;
        auto after = co_await one_.cancel(one.access);
        tell(all, one, std::move(after));
    }
    co_return answer(std::move(all));
}

task<result<told_services>> several_services::remove(environment_access const& a,
                                                     std::optional<asked_services> asked,
                                                     bool leave_releases) {
    a.expect(environment_right::manage);
    PILOTHOUSE_CO_TRY(auto const some, co_await choose(parts_, a, std::move(asked)));
    if (auto const idle = check_idle(some); !idle) co_return idle.error();
    told_services all;
    for (auto const& one : some) {
        auto const removed = co_await one_.remove(one.access, leave_releases);
        std::optional<failure> refused;
        if (!removed) refused = removed.error();
        all.push_back({one.view, std::move(refused)});
    }
    co_return answer(std::move(all));
}

}  // namespace pilothouse::deploy
