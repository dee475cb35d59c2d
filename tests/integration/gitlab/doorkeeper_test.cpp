// Who was let in is asked for anew, as answers that last do: token, role and place, as at the door.
#include "auth/token_text.hpp"
#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "server/http/gate.hpp"
#include "server/http/problem.hpp"
#include "server/http/router.hpp"
#include "tests/support/result_text.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>

#include <string>

namespace pilothouse::tests::doorkeeper_test {

namespace {

class no_body final : public http::body_source {
public:
    task<result<std::string_view>> read() override { co_return std::string_view(); }
    void limit(std::uint64_t) override {}
};

task<http::response> nothing() { co_return http::response(204); }
task<std::uint64_t> no_limit() { co_return 0; }

// A gate of its own before a server's people; the handlers keep what they may ask again.
struct lodge {
    test_server server;
    storage::user_record skipper = server.add_user("skipper");
    std::string token = server.add_token(skipper, {"read_api"});
    storage::cluster_id quay = add_quay();

    http::doorkeeper::question again;
    http::problem_words const words;
    http::handler const keep = [this](http::exchange& x) {
        again = x.let_in_by->ask_again(x);
        return nothing();
    };
    http::router const routes{"",
                              {{"/",
                                &words,
                                {{http::method::get, "/{cluster}", auth::permission::see_cluster,
                                  http::body_rule::none, nullptr, keep},
                                 {http::method::get, "/open/to/all", std::nullopt,
                                  http::body_rule::none, nullptr, keep}}}}};
    descriptor const nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
    logger log{log_format::json, log_level::error, nowhere.get()};
    metrics::registry figures;
    http::gate gate{
        {routes, server.core().authenticator, server.core().policy, no_limit, log, figures}};

    storage::cluster_id add_quay() {
        storage::cluster_record c;
        c.name = "quay";
        return run_to_end(server.core().stores->clusters().create(c)).value().id;
    }
    void let(storage::role as) {
        run_to_end(server.core().stores->cluster_members().set(quay, skipper.id, as)).value();
    }
    void revoke() {
        auto& tokens = server.core().stores->tokens();
        auto const known = run_to_end(tokens.find(auth::token_hash(token))).value();
        run_to_end(tokens.revoke(known.id)).value();
    }
    // The status; the exchange is gone then.
    unsigned enter(std::string const& path) {
        http::request_head head;
        head.method = http::method::get;
        head.path = path;
        head.fields.emplace_back("PRIVATE-TOKEN", token);
        no_body body;
        std::string const peer = "192.0.2.1";
        http::exchange x{.head = head,
                         .body = body,
                         .request_id = {},
                         .peer = peer,
                         .parameters = {},
                         .route_index = {},
                         .who = {},
                         .grant = {},
                         .notes = {}};
        return run_to_end(gate.handle(x)).status();
    }
    result<auth::grant> ask() { return run_to_end(again()); }
};

}  // namespace

TEST_CASE("who was let in is let in again, until his role or his token ends") {
    lodge l;
    l.let(storage::role::reporter);
    REQUIRE(l.enter("/quay") == 204);
    REQUIRE(l.again);
    for (int i = 0; i < 2; ++i) {
        auto const let = l.ask();
        REQUIRE(let);
        CHECK(let->cluster().name == "quay");
        CHECK(let->who().name == "skipper");
        CHECK(let->what() == auth::permission::see_cluster);
        CHECK(let->from() == "192.0.2.1");
    }
    l.let(storage::role::guest);
    CHECK(l.ask().error().code == errc::denied);
    l.let(storage::role::developer);
    REQUIRE(l.ask());
    CHECK(l.ask()->role() == storage::role::developer);
    l.revoke();
    CHECK(l.ask().error().code == errc::token_revoked);
}

TEST_CASE("where nobody is asked for a right there is nothing to ask again") {
    lodge l;
    REQUIRE(l.enter("/open/to/all") == 204);
    CHECK_FALSE(l.again);
}

}  // namespace pilothouse::tests::doorkeeper_test
