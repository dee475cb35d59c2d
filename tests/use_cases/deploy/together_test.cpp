// What is asked of all services of an environment at once, or of some.
#include "tests/use_cases/deploy/quay.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::tests::together_test {

using deploy::asked_services;

namespace {

struct pair_of_services : quay {
    std::string first, second;

    pair_of_services() {
        push_demo("1.0.0");
        first = made("first");
        second = made("second");
    }
    std::string made(std::string const& name) {
        auto const one = try_create(document("1.0.0", name));
        REQUIRE(one);
        return one->view.service.uuid;
    }
    result<deploy::told_services> deploy_some(std::optional<asked_services> some) {
        return run_to_end(together.deploy(in(home), std::move(some)));
    }
    // Nothing was begun, and nothing is in the history.
    void check_untouched() {
        CHECK(run_to_end(stores->operations().count()).queued == 0);
        for (auto const& uuid : {first, second})
            CHECK(run_to_end(deploying.history(of(uuid), 10)).empty());
    }
};

template <class Answer>
errc refusal(Answer const& answer) {
    REQUIRE_FALSE(answer);
    return answer.error().code;
}

}  // namespace

TEST_CASE("all services are deployed, stopped, uninstalled and removed together") {
    pair_of_services q;
    auto const begun = q.deploy_some(std::nullopt);
    REQUIRE(begun);
    CHECK(begun->size() == 2);
    CHECK_FALSE(begun->front().refused);
    q.work();
    CHECK(q.state(q.first) == "DEPLOYED UP_TO_DATE");
    CHECK(q.state(q.second) == "DEPLOYED UP_TO_DATE");

    REQUIRE(run_to_end(q.deploying.stop(q.of(q.first))));
    q.work();
    auto const stopping = run_to_end(q.together.stop(q.in(q.home), std::nullopt));
    REQUIRE(stopping);
    REQUIRE(stopping->size() == 1);  // the other stands still already
    CHECK(stopping->front().view.service.uuid == q.second);
    q.work();
    CHECK(q.state(q.second) == "STOPPED UP_TO_DATE");
    CHECK(run_to_end(q.together.stop(q.in(q.home), std::nullopt))->empty());

    CHECK(run_to_end(q.together.uninstall(q.in(q.home), std::nullopt))->size() == 2);
    q.work();
    CHECK(run_to_end(q.together.uninstall(q.in(q.home), std::nullopt))->empty());
    CHECK(run_to_end(q.together.remove(q.in(q.home), std::nullopt, false))->size() == 2);
    CHECK(run_to_end(q.deploying.look(q.in(q.home)))->empty());
}

TEST_CASE("of several nothing begins where one could not") {
    pair_of_services q;
    auto const missing = random_uuid();
    for (auto const& [some, expected] : std::vector<std::pair<asked_services, errc>>{
             {{{q.first, ""}, {q.first, ""}}, errc::invalid_argument},
             {{{q.first, ""}, {q.second, "9.9.9"}}, errc::invalid_argument},
             {{{q.first, ""}, {missing, ""}}, errc::not_found},
             {{{q.first, ""}, {"second", ""}}, errc::invalid_argument}}) {
        CHECK(refusal(q.deploy_some(some)) == expected);
        q.check_untouched();
    }
    auto const twice = asked_services{{q.first, ""}, {q.first, ""}};
    CHECK(refusal(run_to_end(q.together.stop(q.in(q.home), twice))) == errc::invalid_argument);
    CHECK(refusal(run_to_end(q.together.uninstall(q.in(q.home), twice))) == errc::invalid_argument);
    CHECK(refusal(run_to_end(q.together.remove(q.in(q.home), twice, false))) ==
          errc::invalid_argument);
    CHECK(run_to_end(q.deploying.look(q.in(q.home)))->size() == 2);
}

TEST_CASE("one whose limits allow it no longer keeps the others from beginning, too") {
    pair_of_services q;
    auto wrong = q.document("1.0.0", "third");
    wrong["arguments"] = boost::json::array{"--timeout=2h"};
    q.parts.limits.timeout_max = std::chrono::hours(3);
    REQUIRE(q.try_create(wrong));
    q.parts.limits.timeout_max = std::chrono::hours(1);
    CHECK(refusal(q.deploy_some(std::nullopt)) == errc::invalid_argument);
    q.check_untouched();
}

TEST_CASE("while one is busy the others wait for it, or are refused") {
    pair_of_services q;
    REQUIRE(q.try_deploy(q.second));
    CHECK(refusal(q.deploy_some(std::nullopt)) == errc::busy);
    CHECK(run_to_end(q.deploying.history(q.of(q.first), 10)).empty());
    CHECK(refusal(run_to_end(q.together.stop(q.in(q.home), std::nullopt))) == errc::busy);
    CHECK(refusal(run_to_end(q.together.uninstall(q.in(q.home), std::nullopt))) == errc::busy);
    CHECK(refusal(run_to_end(q.together.remove(q.in(q.home), std::nullopt, true))) == errc::busy);

    q.docks.waiting_max = 1;
    auto const begun = q.deploy_some(std::nullopt);
    REQUIRE(begun);
    REQUIRE(begun->size() == 2);
    CHECK(q.view(q.first).lined_up.empty());
    CHECK(q.view(q.second).lined_up.size() == 1);
    CHECK(refusal(q.deploy_some(asked_services{{q.second, ""}})) == errc::busy);  // no more room

    auto const cancelled = run_to_end(q.together.cancel(q.in(q.home)));
    REQUIRE(cancelled);
    CHECK(cancelled->size() == 2);
    CHECK(q.state(q.first) == "CANCELED NEVER_DEPLOYED");
    CHECK(q.state(q.second) == "CANCELED NEVER_DEPLOYED");
    CHECK(run_to_end(q.together.cancel(q.in(q.home)))->empty());
}

TEST_CASE("somebody else's release keeps all from beginning") {
    pair_of_services q;
    REQUIRE(q.deployed(q.second) == "DEPLOYED UP_TO_DATE");
    REQUIRE(run_to_end(q.deploying.remove(q.of(q.second), true)));
    q.second = q.made("second");
    CHECK(refusal(q.deploy_some(std::nullopt)) == errc::conflict);
    q.check_untouched();
}

}  // namespace pilothouse::tests::together_test
