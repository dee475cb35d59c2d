// Who is asking (contracts: gitlab 1.2; settled 11).
#include "base/runtime.hpp"
#include "tests/support/demo_chart.hpp"
#include "tests/support/put_record.hpp"
#include "tests/support/test_server.hpp"

#include <doctest/doctest.h>

namespace pilothouse::tests::authentication_test {

namespace {

struct world {
    test_server server;
    storage::project_record project =
        server.add_project("grp/private", storage::visibility::private_);
    storage::user_record user = server.add_user("jane");
    std::string token = server.add_token(user, {"api"});
    std::string const index = "/api/v4/projects/grp%2Fprivate/packages/helm/stable/index.yaml";

    world() { server.add_member(project, user, storage::role::developer); }
    http_reply read(http_headers const& headers) { return server.request("GET", index, headers); }
    storage::token_id id_of(storage::token_kind kind) {
        return run_to_end(server.core().stores->tokens().list({kind, {}, {}, {}})).front().id;
    }
    void revoke(storage::token_kind kind) {
        run_to_end(server.core().stores->tokens().revoke(id_of(kind))).value();
    }
};

}  // namespace

TEST_CASE("a token counts in each of the headers that clients use") {
    world w;
    CHECK(w.read({{"Authorization", basic("jane", w.token)}}).status == 200);
    CHECK(w.read({{"Authorization", basic("somebody-else", w.token)}}).status == 200);
    CHECK(w.read({{"Authorization", "Bearer " + w.token}}).status == 200);
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 200);
    CHECK(w.read({{"Private-Token", w.token}}).status == 200);
    auto const deploy = w.server.add_deploy_token(w.project, {"read_package_registry"});
    CHECK(w.read({{"Deploy-Token", deploy}}).status == 200);
    CHECK(w.read({{"Authorization", basic("deployer", deploy)}}).status == 200);
    auto const job = w.server.add_job_token(w.project, w.user);
    CHECK(w.read({{"JOB-TOKEN", job}}).status == 200);
    CHECK(w.read({{"Authorization", basic("gitlab-ci-token", job)}}).status == 200);
    CHECK(w.read({{"Authorization", basic("whoever", job)}}).status == 200);
}

TEST_CASE("A5: an empty user name or password is no credentials") {
    world w;
    for (auto const& value : {basic("", w.token), basic("jane", ""), basic("", "")})
        CHECK(w.read({{"Authorization", value}}).status == 401);
    w.server.add_project("grp/public", storage::visibility::public_);
    CHECK(w.server
              .request("GET", "/api/v4/projects/grp%2Fpublic/packages/helm/stable/index.yaml",
                       {{"Authorization", basic("", "x")}})
              .status == 200);
}

TEST_CASE("credentials that are malformed are 401 with a reason") {
    world w;
    for (std::string const value : {"Basic", "Basic !!!!", "Basic amFuZQ==", "Digest x=1", "Bearer",
                                    "Bearer a b", "nonsense"}) {
        CAPTURE(value);
        auto const reply = w.read({{"Authorization", value}});
        CHECK(reply.status == 401);
        CHECK(reply.body.find("\"message\":\"401 Unauthorized\"") != std::string::npos);
        CHECK(reply.body.find("\"error\":\"\"") == std::string::npos);
        CHECK(reply.header("www-authenticate").starts_with("Basic realm="));
    }
}

TEST_CASE("a credential field that comes twice is refused, for a proxy may have read the other") {
    world w;
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}, {"PRIVATE-TOKEN", "other"}}).status == 401);
    auto const good = basic("jane", w.token);
    CHECK(w.read({{"Authorization", good}, {"Authorization", good}}).status == 401);
}

TEST_CASE("A11: a revoked personal token is answered in OAuth's words, at the very next request") {
    world w;
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 200);
    w.revoke(storage::token_kind::personal);
    auto const reply = w.read({{"PRIVATE-TOKEN", w.token}});
    CHECK(reply.status == 401);
    CHECK(reply.body.find(R"("error":"invalid_token")") != std::string::npos);
    CHECK(reply.body.find("error_description") != std::string::npos);
    CHECK(reply.header("www-authenticate").starts_with("Bearer"));
}

TEST_CASE("A10, A14: an ended deploy or job token gets the Basic challenge") {
    world w;
    auto const deploy = w.server.add_deploy_token(w.project, {"read_package_registry"});
    auto const job = w.server.add_job_token(w.project, w.user);
    w.revoke(storage::token_kind::deploy);
    w.revoke(storage::token_kind::job);
    for (auto const& token : {deploy, job}) {
        auto const reply = w.read({{"Authorization", basic("x", token)}});
        CHECK(reply.status == 401);
        CHECK(reply.header("www-authenticate") == R"(Basic realm="GitLab Packages Registry")");
    }
}

TEST_CASE("A13: a blocked user is 403 from the next request on") {
    world w;
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 200);
    w.user.blocked = true;
    run_to_end(tests::put_record(w.server.core().stores->users(), w.user)).value();
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 403);
}

TEST_CASE("a role that changed counts at the next request") {
    world w;
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 200);
    run_to_end(w.server.core().stores->members().remove(w.project.id, w.user.id)).value();
    CHECK(w.read({{"PRIVATE-TOKEN", w.token}}).status == 404);
}

TEST_CASE("settled 11: a token in the query is refused with a text that says where it belongs") {
    world w;
    for (std::string const query :
         {"?private_token=x", "?job_token=x", "?a=b&private%5Ftoken=x", "?access_token"}) {
        CAPTURE(query);
        auto const reply = w.server.request("GET", w.index + query, {{"PRIVATE-TOKEN", w.token}});
        CHECK(reply.status == 400);
        CHECK(reply.body.find("PRIVATE-TOKEN") != std::string::npos);
    }
    CHECK(w.server.request("GET", w.index + "?unknown=1", {{"PRIVATE-TOKEN", w.token}}).status ==
          200);
}

}  // namespace pilothouse::tests::authentication_test
