// What is of gRPC alone: metadata, the shape of requests, endpoints and tokens.
#include "tests/integration/grpc/caller.hpp"

#include <doctest/doctest.h>
#include <proto/google/rpc/error_details.pb.h>
#include <proto/google/rpc/status.pb.h>
#include <proto/yandex/cloud/endpoint/api_endpoint_service.grpc.pb.h>
#include <proto/yandex/cloud/iam/v1/iam_token_service.grpc.pb.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.grpc.pb.h>
#include <proto/yandex/cloud/operation/operation_service.grpc.pb.h>

#include <cstdint>
#include <memory>
#include <string>

namespace pilothouse::tests::calls_test {

namespace operation = yandex::cloud::operation;
namespace endpoint = yandex::cloud::endpoint;
namespace iam = yandex::cloud::iam::v1;

namespace {

struct fixture : manned_house {
    std::shared_ptr<::grpc::Channel> wire = channel();
    marketplace::HelmReleaseService::Stub releases{wire};
    operation::OperationService::Stub operations{wire};
    endpoint::ApiEndpointService::Stub endpoints{wire};
    iam::IamTokenService::Stub tokens{wire};
};

}  // namespace

TEST_CASE_FIXTURE(fixture, "who follows an operation is told how often to ask") {
    auto const begun = caller(*this, door::grpc, token).install(product_version());
    REQUIRE(begun.code == 0);
    operation::GetOperationRequest follow;
    follow.set_operation_id(begun.reply.id());
    operation::Operation followed;
    auto const polled =
        call(operations, &operation::OperationService::Stub::Get, follow, followed, token);
    REQUIRE(polled.code() == 0);
    CHECK(polled.initial.at("x-operation-poll-interval") == "1");
}

TEST_CASE_FIXTURE(fixture, "endpoints are told to anybody") {
    endpoint::ListApiEndpointsResponse all;
    REQUIRE(call(endpoints, &endpoint::ApiEndpointService::Stub::List, {}, all, "").code() == 0);
    REQUIRE(all.endpoints_size() == 4);
    for (auto const& one : all.endpoints()) CHECK(one.address() == "charts.example.org:8443");
}

TEST_CASE_FIXTURE(fixture, "a personal token is exchanged for one that works everywhere") {
    iam::CreateIamTokenRequest asked;
    asked.set_yandex_passport_oauth_token(token);
    iam::CreateIamTokenResponse made;
    auto const created = call(tokens, &iam::IamTokenService::Stub::Create, asked, made, "");
    INFO(created.status.error_message());
    REQUIRE(created.code() == 0);
    marketplace::ListHelmReleasesRequest list;
    list.set_cluster_id("dev");
    marketplace::ListHelmReleasesResponse page;
    CHECK(call(releases, &marketplace::HelmReleaseService::Stub::List, list, page, made.iam_token())
              .code() == 0);
    CHECK(call(releases, &marketplace::HelmReleaseService::Stub::List, list, page,
               made.iam_token() + "A")
              .code() == 16);
}

TEST_CASE_FIXTURE(fixture, "requests without shape are refused by the name of the field") {
    using stub = marketplace::HelmReleaseService::Stub;
    auto const field_of = [](call_outcome const& refused) {
        CHECK(refused.code() == 3);
        google::rpc::Status status;
        google::rpc::BadRequest bad;
        REQUIRE(status.ParseFromString(refused.status.error_details()));
        CHECK(status.code() == 3);
        REQUIRE(status.details_size() == 1);
        REQUIRE(status.details(0).UnpackTo(&bad));
        return bad.field_violations(0).field();
    };
    operation::Operation begun;
    auto const install = [&](auto const& change) {
        marketplace::InstallHelmReleaseRequest asked;
        asked.set_cluster_id("dev");
        asked.set_product_version_id(product_version());
        change(asked);
        return field_of(call(releases, &stub::Install, asked, begun, token));
    };
    CHECK(install([](auto& r) { r.clear_cluster_id(); }) == "cluster_id");
    CHECK(install([](auto& r) { r.clear_product_version_id(); }) == "product_version_id");
    CHECK(install([](auto& r) { r.add_user_values(); }) == "user_values[0].key");
    CHECK(install([](auto& r) { r.add_user_values()->set_key("a"); }) == "user_values[0].value");
    CHECK(install([](auto& r) {
              for (int i = 0; i < 2; ++i) {
                  auto& one = *r.add_user_values();
                  one.set_key("a");
                  one.mutable_value()->set_typed_value("1");
              }
          }) == "user_values[1].key");
    CHECK(field_of(call(releases, &stub::Update, {}, begun, token)) == "id");
    CHECK(field_of(call(releases, &stub::Uninstall, {}, begun, token)) == "id");
    marketplace::HelmRelease found;
    CHECK(field_of(call(releases, &stub::Get, {}, found, token)) == "id");
    using operation_stub = operation::OperationService::Stub;
    CHECK(field_of(call(operations, &operation_stub::Get, {}, begun, token)) == "operation_id");
    CHECK(field_of(call(operations, &operation_stub::Cancel, {}, begun, token)) == "operation_id");
    marketplace::ListHelmReleasesResponse page;
    auto const list = [&](std::int64_t size, std::string const& after) {
        marketplace::ListHelmReleasesRequest asked;
        asked.set_cluster_id("dev");
        asked.set_page_size(size);
        asked.set_page_token(after);
        return call(releases, &stub::List, asked, page, token);
    };
    CHECK(field_of(list(-1, "")) == "page_size");
    CHECK(field_of(list(1001, "")) == "page_size");
    CHECK(field_of(list(1, "forged")) == "page_token");
    CHECK(field_of(list(1, std::string(101, 'A'))) == "page_token");
    CHECK(list(0, "").code() == 0);
    CHECK(list(1000, "").code() == 0);
    endpoint::ApiEndpoint one;
    CHECK(field_of(call(endpoints, &endpoint::ApiEndpointService::Stub::Get, {}, one, "")) ==
          "api_endpoint_id");
}

TEST_CASE_FIXTURE(fixture, "who shows no token is refused, with all metadata behind the error") {
    marketplace::ListHelmReleasesResponse page;
    auto const refused = call(releases, &marketplace::HelmReleaseService::Stub::List, {}, page, "",
                              {{"x-request-id", "mine-1"}});
    CHECK(refused.code() == 16);
    CHECK(refused.initial.empty());
    CHECK(refused.trailing.at("x-request-id") == "mine-1");
    CHECK(refused.trailing.contains("x-server-trace-id"));
}

TEST_CASE_FIXTURE(fixture, "two tokens are none") {
    marketplace::ListHelmReleasesResponse page;
    CHECK(call(releases, &marketplace::HelmReleaseService::Stub::List, {}, page, token,
               {{"authorization", "Bearer " + token}})
              .code() == 16);
}

}  // namespace pilothouse::tests::calls_test
