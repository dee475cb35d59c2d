#include "deploy/waiting_line.hpp"

#include "deploy/acting_for.hpp"

#include <exception>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace pilothouse::deploy {

namespace {

constexpr std::string_view commander = "command line";  // auth::author_of(); no user's name

}  // namespace

task<void> waiting_line::advance() {
    std::set<storage::service_id> seen;
    std::set<std::string> there;
    auto const all = co_await parts_.deployments.waiting();
    for (auto const& first : all) {
        there.insert(first.uuid);
        if (!seen.insert(first.service).second) continue;
        std::string why;
        try {
            auto const begun = co_await begin(first);
            if (!begun) why = begun.error().detail;
        } catch (std::exception const& e) {
            why = e.what();
        }
        if (said_.is_news(first.uuid, why))
            log_.write(
                log_level::warning, "deployment_waits_on",
                {{"deployment", std::string_view(first.uuid)}, {"failure", std::string_view(why)}});
    }
    said_.keep(there);
}

task<result<void>> waiting_line::begin(storage::deployment_record const& first) {
    PILOTHOUSE_CO_TRY(auto const service, co_await parts_.services.find(first.service));
    auto who = co_await acting_for(users_, first.by, first.by_name == commander);
    if (!who) co_return co_await refuse_for(first, who.error());
    auto const a =
        co_await access_.to_service(*std::move(who), environment_right::deploy, service.uuid);
    if (!a) co_return co_await refuse_for(first, a.error());
    co_return co_await deploying_.begin_waiting(*a);
}

task<result<void>> waiting_line::refuse_for(storage::deployment_record const& waiting,
                                            failure const& why) {
    if (why.code == errc::unavailable) co_return why;  // a moment that passes
    auto const change = [&](storage::deployment_record& d) -> result<void> {
        if (d.outcome != storage::deployment_outcome::none) return {};
        d.finished = parts_.below.time.now();
        d.outcome = storage::deployment_outcome::error;
        d.message = why.detail;
        return {};
    };
    auto const edited = co_await parts_.deployments.edit(waiting.uuid, change);
    if (!edited) co_return edited.error();
    co_return result<void>();
}

}  // namespace pilothouse::deploy
