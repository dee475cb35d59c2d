#include "server/grpc/json_words.hpp"

#include <doctest/doctest.h>
#include <proto/yandex/cloud/k8s/marketplace/v1/helm_release_service.pb.h>
#include <proto/yandex/cloud/operation/operation.pb.h>

#include <string>

namespace pilothouse::tests::json_words_test {

namespace marketplace = yandex::cloud::k8s::marketplace::v1;

TEST_CASE("messages are JSON as protobuf maps them") {
    marketplace::HelmRelease release;
    release.set_id("r1");
    release.set_status(marketplace::HelmRelease::PENDING_INSTALL);
    release.mutable_created_at()->set_seconds(1'767'323'045);
    CHECK(rpc::to_json(release) ==
          R"({"id":"r1","clusterId":"","appName":"","appNamespace":"","productId":"",)"
          R"("productName":"","status":"PENDING_INSTALL","productVersion":"",)"
          R"("createdAt":"2026-01-02T03:04:05Z"})");
    marketplace::ListHelmReleasesRequest list;
    list.set_page_size(1'000'000'000'000);
    CHECK(rpc::to_json(list) == R"({"clusterId":"","pageSize":"1000000000000","pageToken":""})");

    yandex::cloud::operation::Operation o;
    o.mutable_response()->PackFrom(release);
    CHECK(rpc::to_json(o).find(
              R"("response":{"@type":"type.googleapis.com/yandex.cloud.k8s.marketplace.v1.)"
              R"(HelmRelease","id":"r1")") != std::string::npos);
}

TEST_CASE("requests are read in both spellings") {
    for (std::string const text :
         {R"({"clusterId":"c","userValues":[{"key":"k","value":{"typedValue":"v"}}]})",
          R"({"cluster_id":"c","user_values":[{"key":"k","value":{"typed_value":"v"}}]})"}) {
        marketplace::InstallHelmReleaseRequest asked;
        REQUIRE(rpc::read_json(text, asked).has_value());
        CHECK(asked.cluster_id() == "c");
        REQUIRE(asked.user_values_size() == 1);
        CHECK(asked.user_values(0).value().typed_value() == "v");
    }
    marketplace::InstallHelmReleaseRequest empty;
    CHECK(rpc::read_json("", empty).has_value());
    CHECK(rpc::read_json("{}", empty).has_value());
}

TEST_CASE("what cannot be read is refused without a word of what was sent") {
    for (std::string const text :
         {"{", "[]", "7", "null x", R"({"clusterId":{"hunter2":1}})", R"({"clusterId":"hunter2)",
          R"({"userValues":[{"key":"k","value":"hunter2"}]})", R"({"pageSize":"hunter2"})",
          "\xff\xfe"}) {
        CAPTURE(text);
        marketplace::InstallHelmReleaseRequest asked;
        auto const read = rpc::read_json(text, asked);
        REQUIRE(!read.has_value());
        CHECK(read.error().code == rpc::code::invalid_argument);
        CHECK(read.error().message.find("hunter2") == std::string::npos);
    }
    marketplace::InstallHelmReleaseRequest asked;
    auto const unknown = rpc::read_json(R"({"clusterIdd":"hunter2"})", asked);
    REQUIRE(!unknown.has_value());
    CHECK(unknown.error().message ==
          "yandex.cloud.k8s.marketplace.v1.InstallHelmReleaseRequest has no field clusterIdd");
    CHECK(!rpc::read_json(std::string(100'000, '['), asked).has_value());
}

TEST_CASE("a query fills a message") {
    for (std::string const query : {"clusterId=a+b&pageSize=7&pageToken=x%3D",
                                    "cluster_id=a%20b&page_size=7&page_token=x="}) {
        marketplace::ListHelmReleasesRequest asked;
        REQUIRE(rpc::read_query(query, asked).has_value());
        CHECK(asked.cluster_id() == "a b");
        CHECK(asked.page_size() == 7);
        CHECK(asked.page_token() == "x=");
    }
    for (std::string const query : {"clusterid=x", "pageSize=", "pageSize=7x", "pageSize=1e3",
                                    "pageSize=99999999999999999999", "x", "=y"}) {
        CAPTURE(query);
        marketplace::ListHelmReleasesRequest asked;
        auto const read = rpc::read_query(query, asked);
        REQUIRE(!read.has_value());
        CHECK(read.error().code == rpc::code::invalid_argument);
    }
}

TEST_CASE("path and body may not contradict each other") {
    marketplace::UpdateHelmReleaseRequest asked;
    REQUIRE(rpc::read_path("id", "r1", asked).has_value());
    CHECK(asked.id() == "r1");
    CHECK(rpc::read_path("id", "r1", asked).has_value());
    CHECK(!rpc::read_path("id", "r2", asked).has_value());
}

}  // namespace pilothouse::tests::json_words_test
